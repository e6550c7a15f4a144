/** How the page looks on which a customer rates: in wide and narrow windows, by day and by night, either way round. */
import { inkOn, readableOn } from '../email/colours.ts';

const [DAY_PAPER, NIGHT_PAPER] = ['#ffffff', '#151b21'];

export function styleIn(accent: string): string {
  return `
:root{color-scheme:light dark;--ink:#1c2733;--soft:#526070;--line:#8592a0;--paper:${DAY_PAPER};--tint:#f4f7f9;
--accent:${readableOn(accent, DAY_PAPER)};--band:${accent};--on-band:${inkOn(accent)}}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#a3b0bd;--line:#6d7b89;--paper:${NIGHT_PAPER};
--tint:#1b232b;--accent:${readableOn(accent, NIGHT_PAPER)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--tint);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:37.5rem;min-height:100vh;margin:0 auto;background:var(--paper)}
.band{margin:0;padding:.875rem 1.25rem;background:var(--band);color:var(--on-band);font-weight:bold}
.sheet{padding:1.25rem 1.25rem 2rem}
h1{font-size:1.375rem;line-height:1.25;margin:0 0 1rem}p{margin:0 0 1rem}
.notice{border-inline-start:3px solid var(--accent);padding-inline-start:.75rem}
fieldset{border:0;margin:0 0 1.5rem;padding:0}legend{padding:0;margin:0 0 .5rem;font-weight:bold}
.scores{display:grid;gap:.5rem}
.scores label{display:flex;gap:.75rem;align-items:center;padding:.6rem .75rem;border:1px solid var(--line);
border-radius:8px;cursor:pointer}
.scores label:has(:checked){border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
input{accent-color:var(--accent);width:1.15rem;height:1.15rem;margin:0;flex:none}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.comment{display:block;font-weight:bold;margin:0 0 .5rem}.soft{color:var(--soft);font-weight:normal}
textarea{display:block;width:100%;margin:0 0 1.5rem;padding:.6rem .75rem;border:1px solid var(--line);border-radius:8px;
background:var(--paper);color:inherit;font:inherit;resize:vertical}
button{padding:.625rem 1.125rem;border:0;border-radius:8px;background:var(--band);color:var(--on-band);font:inherit;
font-weight:bold;cursor:pointer}`;
}
