/* Cards can be dragged to their place; the arrows beside them do the same without script.

   Where a card is dropped, every card says its new place and the form is sent, as with
   every button of the editor. A target inside a closed part of the page is opened. */
"use strict";

(() => {
  const form = document.getElementById("page-form");
  if (!form) return;
  document.documentElement.classList.add("drags");

  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    if (target) target.scrollIntoView({ block: "center" });
  };
  addEventListener("hashchange", open);
  open();

  const send = () => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "do", value: "save" });
    form.append(field);
    form.requestSubmit();
  };

  for (const list of document.querySelectorAll(".cards")) {
    let dragged = null;
    for (const grip of list.querySelectorAll(":scope > .card .grip")) {
      const card = grip.closest(".card");
      grip.draggable = true;
      grip.addEventListener("dragstart", (event) => {
        dragged = card;
        card.classList.add("dragged");
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", "");
        event.dataTransfer.setDragImage(card, 20, 20);
      });
      grip.addEventListener("dragend", () => {
        card.classList.remove("dragged");
        list.querySelectorAll(".before").forEach((one) => one.classList.remove("before"));
        dragged = null;
      });
      card.addEventListener("dragover", (event) => {
        if (!dragged || dragged === card) return;
        event.preventDefault();
        list.querySelectorAll(".before").forEach((one) => one.classList.remove("before"));
        card.classList.add("before");
      });
      card.addEventListener("drop", (event) => {
        if (!dragged || dragged === card) return;
        event.preventDefault();
        const box = card.getBoundingClientRect();
        if (event.clientY > box.top + box.height / 2) card.after(dragged); else card.before(dragged);
        [...list.children].forEach((one, place) => {
          one.querySelector(':scope > input[name$="-place"]').value = place;
        });
        send();
      });
    }
  }
})();
