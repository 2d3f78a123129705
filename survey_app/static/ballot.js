/* Takes the code of a slip out of the address, so that it stands in no history, and
   sends it in the body of a request. What follows the # never left this device. */
"use strict";

(() => {
  const code = location.hash.slice(1);
  if (!code) return;
  history.replaceState(null, "", location.pathname + location.search);
  const field = document.getElementById("code");
  field.value = code;
  field.form.submit();
  field.value = "";
})();
