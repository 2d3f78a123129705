"""What an attacker brings: functions on stolen bytes and rows, and naive victims."""
