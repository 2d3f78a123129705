"""What is said about an imported workbook: what is wrong, where, and what to write."""

from survey_app.domain.ground.marked import message

IMPORT_SENTENCES: dict[str, str] = {
    # Files that are no roster.
    "tongues-no-places": message(
        "This is no workbook of translations: its first column does not begin with "
        "“place”. Download the workbook here, fill in the columns of your languages, "
        "and send that one."
    ),
    "roster-not-a-workbook": message(
        "This file cannot be read: it is not in the format .xlsx, or it is damaged. "
        "Open it in Excel or WPS, save it as .xlsx and send it again."
    ),
    "roster-locked": message(
        "This file is locked with a password. Open it in Excel or WPS, take the "
        "password away, save it as .xlsx and send it again."
    ),
    "roster-old-format": message(
        "This file is in an old format (.xls or .et). Open it in Excel or WPS, choose "
        "“Save as”, the type .xlsx, and send that file."
    ),
    "roster-other-workbook": message(
        "This is a table in another format (such as .xlsb, .ods or a web page). Open "
        "it in Excel or WPS, save it as .xlsx and send that file."
    ),
    "roster-other-document": message(
        "This is no workbook but another document (such as .docx, .pptx or .pdf), "
        "whatever its name ends with. Copy the table into the template and send that."
    ),
    "roster-plain-table": message(
        "This is plain text (.csv or .txt), in which 007 and long codes are easily "
        "lost. Copy the table into the template, whose cells are text, and send that."
    ),
    "roster-too-many-parts": message(
        "The file holds more than %(most)s parts: no roster does. Copy the table into "
        "the template and send that."
    ),
    "roster-unpacks-too-large": message(
        "Unpacked the file has more than %(most)s MB: no roster does. Copy the table "
        "into the template and send that."
    ),
    "roster-too-large": message(
        "This cell lies outside of any roster: a sheet has at most %(rows)s rows and "
        "%(columns)s columns. Delete what lies outside the table, with its rows and "
        "columns."
    ),
    "roster-too-many-cells": message(
        "The workbook has more than %(most)s filled cells. Send it in parts."
    ),
    "roster-too-many-merged": message(
        "The sheet has more than %(most)s merged areas. Take the merging away and "
        "fill every cell."
    ),
    "roster-takes-too-much": message(
        "Reading this file takes more time or memory than any roster. Copy the table "
        "into the template and send that."
    ),
    "roster-readers-busy": message(
        "Other workbooks are being read just now. Wait a moment and send it again."
    ),
    "roster-no-sheet": message(
        "The workbook has none of the sheets %(sheets)s. It has: %(found)s. Use the "
        "template, or name the sheets like this."
    ),
    "roster-sheet-twice": message(
        "This sheet and “%(other)s” are the same to us. Keep one of them, or name the "
        "other differently."
    ),
    "roster-hidden-sheet": message(
        "This sheet is hidden. Show it and look at it, or delete it."
    ),
    "roster-hidden-rows": message(
        "These rows are hidden (perhaps by a filter) and hold something. Show them, or "
        "delete them."
    ),
    "roster-hidden-column": message(
        "The column “%(column)s” is hidden. Show it and look at it, or delete it."
    ),
    "roster-heading-twice": message(
        "The heading “%(column)s” stands twice: %(cells)s. Keep one of the two columns."
    ),
    # Cells that are not what their author sees.
    "roster-cell-date": message(
        "This cell holds a date: what was typed, such as 3-1, became a day. Set the "
        "cell’s format to text and type it again."
    ),
    "roster-cell-exponent": message(
        "This number is shown with an exponent, such as 6.32E+17. Set the cell’s "
        "format to text and type it again in full."
    ),
    "roster-cell-lost-digits": message(
        "This number has more than 15 digits; a spreadsheet has lost those after them. "
        "Set the cell’s format to text and type it again in full."
    ),
    "roster-cell-shows-nothing": message(
        "This cell holds something and shows nothing, because of its format. Clear the "
        "cell, or set its format to text and type what is meant."
    ),
    "roster-cell-fraction": message(
        "This number is shown as a fraction. Set the cell’s format to text and type "
        "the fraction, such as 1544/19."
    ),
    "roster-cell-grouped": message(
        "This number is shown with a sign between the thousands. Take that out of the "
        "cell’s format."
    ),
    "roster-cell-format": message(
        "This number has a format that is not read here. Set the cell’s format to text "
        "and type it as it is meant."
    ),
    "roster-cell-logical": message(
        "This cell holds the logical value %(shown)s. Set the cell’s format to text "
        "and type what is meant."
    ),
    "roster-cell-error": message(
        "This cell shows the error “%(shown)s”. Mend the formula, or type the value."
    ),
    "roster-cell-formula": message(
        "This formula was never calculated. Open the file in Excel or WPS and save it "
        "once more, or type the value."
    ),
    "roster-cell-damaged": message(
        "What this cell holds cannot be read: the file is damaged. Type it again."
    ),
    "roster-private-character": message(
        "A character here exists on some computers only. Type it again with an input "
        "method that knows rare characters, such as 㐂 or 𠮷."
    ),
    # What is read, and what is left aside.
    "roster-sheet-not-read": message("This sheet is not read."),
    "roster-column-not-read": message("The column “%(heading)s” is not read."),
    "roster-row-above": message("This row above the headings is not read."),
    "roster-row-repeats-headings": message(
        "This row repeats the headings and is not read."
    ),
    "roster-column-absent": message(
        "There is no column “%(column)s”: what is known of it stays as it is."
    ),
    "roster-read-as-shown": message(
        "Read as shown: %(shown)s, although the cell holds %(kept)s. Cells of this "
        "column read like that: %(cells)s. If more digits are meant, show them."
    ),
    # Who can be confused.
    "roster-twin-code": message(
        "“%(code)s” differs from “%(other)s” (%(sheet)s) in capitals only. Write one "
        "and the same code, or two that cannot be confused."
    ),
    "roster-alike-code": message(
        "“%(code)s” looks like %(others)s. Is it another one?"
    ),
    "roster-same-unit-name": message(
        "Other units are called “%(name)s” too: %(codes)s. Wherever they are named, "
        "the parent unit or the code will stand beside them."
    ),
    "roster-same-name-in-unit": message(
        "In the same unit others are called “%(name)s” too: %(codes)s. Is it one "
        "person with two codes? If not, give them titles that tell them apart."
    ),
    "roster-same-name": message(
        "Others are called “%(name)s” too: %(codes)s. Wherever they are named, unit "
        "and title will stand beside them."
    ),
    "roster-two-principals": message(
        "The unit “%(unit)s” has another principal: %(codes)s. Is one of them a deputy?"
    ),
    # What stands in the rows.
    "roster-no-heading": message(
        "The heading “%(column)s” is missing. Write it into the first row."
    ),
    "roster-cell-empty": message("“%(column)s” is empty. Fill it in."),
    "roster-cell-too-long": message(
        "This is too long. Write at most %(longest)s characters."
    ),
    "roster-repeated": message(
        "Row %(row)s says this already. Keep one of the two rows."
    ),
    "roster-unknown-unit": message(
        "There is no unit “%(code)s”. Write the code of a unit that stands on the "
        "sheet of units or was imported before."
    ),
    "roster-unknown-cadre": message(
        "There is no cadre “%(code)s”. Write the code of a cadre that stands on the "
        "sheet of cadres or was imported before."
    ),
    "roster-parent-below": message(
        "The unit “%(code)s” would lie below itself. Write another parent, or leave "
        "the cell empty."
    ),
    "roster-unknown-post": message(
        "“%(written)s” is not a kind of post. Write 正职 (principal) or 副职 (deputy)."
    ),
    "roster-unknown-cycle": message(
        "There is no cycle “%(written)s”. Write the name as the office has it."
    ),
    "roster-ambiguous-cycle": message(
        "More than one cycle is called “%(written)s” or nearly so. Write the name "
        "exactly as the office has it."
    ),
    "roster-unknown-component": message(
        "“%(written)s” is not a component that takes its value from outside. Write one "
        "of: %(known)s."
    ),
    "roster-unknown-kind": message(
        "“%(written)s” is no kind of adjustment. Write one of: %(known)s."
    ),
    "roster-whose-adjustment": message(
        "The scheme of this cycle scores cadres. Write the cadre’s name or code."
    ),
    "roster-body-adjustment": message(
        "The scheme of this cycle scores leading bodies. Leave the name empty: the "
        "unit says whose it is."
    ),
    "roster-unknown-person": message(
        "Nobody in “%(unit)s” is called “%(name)s”. Write the name or the code as on "
        "the sheet of cadres."
    ),
    "roster-several-called": message(
        "Several are called “%(name)s”: %(codes)s. Write the code instead."
    ),
    "roster-adjustment-gone": message(
        "The very same was proposed before and was withdrawn or reversed: it does not "
        "come back with a workbook. If it is to count, enter it by hand."
    ),
    "roster-not-a-number": message(
        "“%(written)s” is not a number. Write it like 93.2 or 1544/19."
    ),
    "roster-per-cent": message(
        "“%(written)s” is a share. Write points out of the full marks, without the "
        "sign for per cent, such as 93.2."
    ),
    "roster-out-of-range": message("Write a number from 0 to %(out_of)s."),
    "roster-cycle-settled": message(
        "“%(cycle)s” is settled: its values stay. Take this row out; where the value "
        "is wrong, a reviewer requests a correction on the page of the cycle and "
        "another person confirms it."
    ),
    "roster-others-change": message(
        "%(value)s stands here already, and a survey of this cycle is closed: only "
        "somebody who may propose corrections changes it now. Take this row out, or "
        "let one of them import it."
    ),
}
"""Remark key → English sentence; see wording.SENTENCES."""
