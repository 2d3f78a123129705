/* Draws the figures of a page with plotly, each when it comes into view.

   A figure's data lies inside its holder as JSON, which no browser runs. Heights are set
   before drawing, so that the page does not jump. */
"use strict";

(() => {
  const settings = { displayModeBar: false, responsive: true, scrollZoom: false };

  const draw = async (holder) => {
    if (holder.dataset.drawn) return;
    holder.dataset.drawn = "yes";
    const { data, layout } = JSON.parse(holder.querySelector("script").textContent);
    await Plotly.newPlot(holder, data, layout, settings);
    const legend = holder.querySelector(".legend");
    if (!legend) return;
    const height = layout.height + Math.ceil(legend.getBBox().height);
    holder.style.height = `${height}px`;
    await Plotly.relayout(holder, { height });
  };

  const holders = [...document.querySelectorAll(".drawing")];
  // Without plotly the tables stand alone, and no empty space beside them.
  if (!window.Plotly) return;
  const watcher = new IntersectionObserver(
    (seen) => seen.filter((one) => one.isIntersecting).forEach((one) => {
      watcher.unobserve(one.target);
      draw(one.target);
    }),
    { rootMargin: "400px" },
  );
  for (const holder of holders) {
    const { layout } = JSON.parse(holder.querySelector("script").textContent);
    holder.style.height = `${layout.height}px`;
    watcher.observe(holder);
  }
  window.addEventListener("beforeprint", () => holders.forEach(draw));
})();
