/* Puts plotly's drawing in the place of the server's, for whoever asks to explore one.

   Every figure has its picture already, so nothing waits for this, and who never asks
   never loads plotly, nor a figure's data, which is asked for then. */
"use strict";

(() => {
  const settings = { displayModeBar: false, responsive: true, scrollZoom: false };
  const holders = [...document.querySelectorAll(".drawing")].filter((one) => one.dataset.figure);

  const draw = async (holder) => {
    const answer = await fetch(holder.dataset.figure);
    if (!answer.ok) throw new Error(answer.statusText);
    const { data, layout } = await answer.json();
    const still = holder.querySelector("svg");
    const button = holder.parentElement.querySelector(".explore");
    const plot = document.createElement("div");
    plot.className = "plot";
    plot.style.height = `${layout.height}px`;
    holder.append(plot);
    await Plotly.newPlot(plot, data, layout, settings);
    const legend = plot.querySelector(".legend");
    if (legend) {
      const height = layout.height + Math.ceil(legend.getBBox().height);
      plot.style.height = `${height}px`;
      await Plotly.relayout(plot, { height });
    }
    holder.classList.add("drawn");
    button.hidden = true;
    reach(holder, plot, still.getAttribute("aria-label"));
  };

  /* Arrow keys go from number to number, and each is said. */
  const reach = (holder, plot, title) => {
    const points = plot.data.flatMap((trace, curveNumber) =>
      trace.y.map((y, pointNumber) => ({ y, x: trace.x[pointNumber], curveNumber, pointNumber, told: trace.customdata[pointNumber] })),
    ).filter((one) => one.told).sort((a, b) => a.y - b.y || a.x - b.x);
    if (!points.length) return;
    const said = document.createElement("p");
    said.className = "unseen";
    said.setAttribute("role", "status");
    holder.append(said);
    holder.tabIndex = 0;
    holder.focus();
    holder.setAttribute("role", "application");
    holder.setAttribute("aria-label", `${title}. ${holder.dataset.hint}`);
    plot.setAttribute("aria-hidden", "true");
    let here = -1;
    holder.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (event.key === "Home") here = 0;
      else if (event.key === "End") here = points.length - 1;
      else if (step) here = Math.min(Math.max(here + step, 0), points.length - 1);
      else return;
      event.preventDefault();
      const { curveNumber, pointNumber, told } = points[here];
      Plotly.Fx.hover(plot, [{ curveNumber, pointNumber }]);
      const plain = document.createElement("textarea");
      plain.innerHTML = told.replaceAll("<br>", ", ");
      said.textContent = plain.value;
    });
  };

  /* Loaded once, by the first who asks. */
  let loading;
  const source = document.currentScript.dataset.plotly;
  const load = () => (loading ??= new Promise((done, failed) => {
    const plotly = document.createElement("script");
    plotly.src = source;
    plotly.onload = done;
    plotly.onerror = () => { loading = undefined; failed(); };
    document.head.append(plotly);
  }));

  const explore = async (holder, button) => {
    button.disabled = true;
    try {
      await load();
      await draw(holder);
    } catch {
      button.disabled = false;
    }
  };

  const keep = async (button) => {
    const picture = new Image();
    picture.src = button.dataset.png;
    await picture.decode();
    const paper = document.createElement("canvas");
    paper.width = 2 * picture.naturalWidth;
    paper.height = 2 * picture.naturalHeight;
    paper.getContext("2d").drawImage(picture, 0, 0, paper.width, paper.height);
    paper.toBlob((made) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(made);
      link.download = button.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  };
  document.querySelectorAll("button[data-png]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => keep(button));
  });

  holders.forEach((holder) => {
    const button = holder.parentElement.querySelector(".explore");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => explore(holder, button));
  });
})();
