/** Dense and calm, on light, dark and paper. */
export const STYLE = `
:root { --ink: #1b1f24; --dim: #59636e; --line: #d8dee4; --page: #fff; --best: #eef3f8;
  --ours: #0072b2; --itk: #d55e00; --sdf: #009e73; --walker: #b0579b; --plain: #767d85; --guard: #009e73; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9198a1; --line: #30363d; --page: #14171c; --best: #1f2a36;
  --ours: #58b0e6; --itk: #f08a3c; --sdf: #3fcf9f; --walker: #dd8fc6; --plain: #9aa3ad; --guard: #3fcf9f; } }
body { font: 13px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1120px; padding: 0 1rem; color: var(--ink); background: var(--page); }
h1 { font-size: 1.55rem; line-height: 1.2; margin: 0 0 .4rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; } p, ul { max-width: 112ch; margin: .4rem 0; } .dim, caption, figcaption { color: var(--dim); }
code { font: 12px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: .5rem 0; font-size: 11.5px; line-height: 1.3; } caption, figcaption { text-align: left; font-size: 12px; margin: 0 0 .3rem; max-width: 120ch; }
th, td { padding: .16rem .45rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: normal; }
thead th { border-bottom: 1px solid var(--dim); font-weight: 600; vertical-align: bottom; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th.group { text-align: center; border-left: 1px solid var(--line); } td.first { border-left: 1px solid var(--line); } td.best { font-weight: 700; background: var(--best); }
tr.scan th { font-weight: 600; padding-top: .6rem; } .wide { overflow-x: auto; }
figure { margin: .8rem 0 1.2rem; } .grid-of-panels { display: grid; gap: 2px 4px; align-items: center; } .grid-of-panels > div { font-size: 11.5px; line-height: 1.25; }
svg { display: block; } svg text { font: 9px system-ui, sans-serif; fill: var(--ink); } svg text.title { font-weight: 600; font-size: 9.5px; }
.grid { stroke: var(--line); stroke-width: 1; } .span { stroke: var(--line); stroke-width: 1; } .line { fill: none; stroke-width: 1.5; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; font-size: 12px; max-width: none; } .legend span { display: inline-flex; gap: .3rem; align-items: center; }
${["ours", "itk", "sdf", "walker", "plain", "guard"].map((name) => `.m-${name} { fill: var(--${name}); stroke: var(--${name}); }`).join("\n")}
svg .line { fill: none; } .dots { display: flex; flex-wrap: wrap; gap: 10px 18px; align-items: flex-start; }
details > summary { cursor: pointer; padding: .15rem 0; } td.hash { font: 10px/1.35 ui-monospace, monospace; word-break: break-all; }
@media print { body { margin: 0; max-width: none; font-size: 9.5pt; zoom: 0.9; } svg { max-width: 100%; height: auto; } h2, h3 { break-after: avoid; } tr, figure.small { break-inside: avoid; } thead { display: table-header-group; } details:not([open]) { display: none; } .wide { overflow: visible; } @page { size: A4 landscape; margin: 12mm; } }
`;
