/* After a number that can go on no further the next box comes by itself, and what is
   typed there takes the place of what stood there; Enter in the comment saves, as it
   does everywhere else. Nothing else depends on this. */
const form = document.querySelector("form.typing");
const next = (from) => {
  const boxes = [...form.querySelectorAll("select:not(#invalid), input.digits, textarea")];
  const after = boxes[boxes.indexOf(from) + 1];
  if (after) after.focus();
};
const taken = (box) => {
  if (box && box.matches("input.digits")) box.select();
};
if (form) {
  taken(document.activeElement);
  form.addEventListener("focusin", (event) => taken(event.target));
  form.addEventListener("input", (event) => {
    const box = event.target, most = Number(box.dataset.most || 0);
    if (!most || event.isComposing) return;
    const said = box.value.normalize("NFKC").trim().toLowerCase();
    const number = /^[0-9]+$/.test(said) ? Number(said) : -1;
    const right = said === "x" || (number >= 0 && number <= most);
    box.setAttribute("aria-invalid", said && !right ? "true" : "false");
    if (right && (said === "x" || number === 0 || number * 10 > most)) next(box);
  });
  form.addEventListener("keydown", (event) => {
    const inText = event.target.tagName === "TEXTAREA" || event.target.tagName === "SELECT";
    if (event.key !== "Enter" || !inText || event.isComposing || event.shiftKey) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
