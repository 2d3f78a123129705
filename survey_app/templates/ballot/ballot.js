"use strict";
{# Takes the code of a slip out of the address, so that it stands in no history, and
   sends it in the body of a request. What follows the # never left this device.
   A form is sent once. Whoever comes back finds neither ballot nor code.
   It stands at the end of its pages, by its hash: one request less. -#}

(() => {
  for (const form of document.forms) {
    let sent = false;
    const free = () => { sent = false; };
    form.addEventListener("submit", (event) => {
      if (sent) return event.preventDefault();
      sent = true;
      setTimeout(free, 10000); {#- whoever stopped it may try again #}
    });
    addEventListener("pageshow", free); {#- back again, the page as it was left #}
  }

  addEventListener("pagehide", (event) => {
    if (event.persisted) document.documentElement.hidden = true;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.replace(location.pathname + location.search);
  });

  const plain = (text) => {
    try { return decodeURIComponent(text); } catch { return text; }
  };
  const take = () => {
    const code = plain(location.hash.slice(1)).trim();
    const field = document.getElementById("code");
    if (!code || !field) return;
    history.replaceState(null, "", location.pathname + location.search);
    field.value = code; {#- with what hangs on to it: the server cuts it off #}
    field.form.submit();
    field.value = "";
  };
  addEventListener("hashchange", take); {#- pasted while this page was open #}
  take();
})();
