"""The style sheet of the HTML report: light and dark, and narrow screens."""

from __future__ import annotations

STYLE = """
:root { --ground: #fff; --text: #1c2024; --soft: #60646c; --line: #d9d9e0; --box: #f9f9fb;
  --breaking: #c62a2f; --dangerous: #ad5700; --safe: #18794e; }
@media (prefers-color-scheme: dark) { :root { --ground: #111113; --text: #edeef0; --soft: #b0b4ba;
  --line: #363a3f; --box: #1b1d20; --breaking: #ff9592; --dangerous: #ffca16; --safe: #3dd68c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 70rem; margin: auto; padding: 1rem; }
section { border-top: 1px solid var(--line); margin-top: 1.5rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; } h3 { font-size: 1rem; margin-bottom: .25rem; }
code, pre { font: 14px/1.5 ui-monospace, monospace; }
pre { background: var(--box); border: 1px solid var(--line); padding: .5rem; overflow-x: auto; }
small, .hint { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; }
td, th { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; }
.status { font-size: .8rem; border: 1px solid; border-radius: 1rem; padding: .1rem .6rem; }
.breaking, .error > p > b, .invalid, .failed, .rejected { color: var(--breaking); }
.dangerous, .warning > p > b, .stale, .drifted { color: var(--dangerous); }
.safe, .generated, .valid, .up-to-date { color: var(--safe); }
.problem { border-left: 3px solid var(--line); padding-left: .75rem; margin: .75rem 0; }
.problem p { margin: .1rem 0; }
svg.diagram { max-width: none; font: 13px ui-monospace, monospace; }
svg path { fill: none; stroke: var(--soft); stroke-opacity: .6; }
svg rect { fill: var(--box); stroke: var(--line); }
svg .custom rect { stroke-dasharray: 4 3; }
svg .breaking > rect, svg .dangerous > rect, svg .safe > rect { stroke: currentColor; }
svg text { fill: var(--text); }
svg .name { font-weight: bold; } svg .key { text-decoration: underline; }
svg text.breaking { fill: var(--breaking); } svg text.dangerous { fill: var(--dangerous); }
svg text.safe { fill: var(--safe); } svg text.removed { text-decoration: line-through; }
"""
