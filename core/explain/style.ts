/** How the page of an explanation looks: in wide and narrow windows, by day and by night, on paper. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1c2733;--soft:#526070;--line:#d5dce4;--paper:#fff;--tint:#f4f7f9}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#a3b0bd;--line:#2c3742;--paper:#151b21;--tint:#1b232b}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:70rem;margin:0 auto;padding:1.5rem 1.25rem}
h1{font-size:1.6rem;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{margin:2rem 0 .75rem}h3{margin:0 0 .5rem;font-size:1.05rem}
p{margin:0 0 1rem}.soft,dt,caption{color:var(--soft)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(12rem,100%),1fr));gap:.5rem 1.25rem;margin:0}
dt,caption{font-size:.85rem}dd{margin:0;overflow-wrap:anywhere}
.deadline{border:1px solid var(--line);border-radius:8px;padding:1rem 1.25rem;margin:0 0 1rem;background:var(--tint)}
table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}caption{text-align:left}
th,td{text-align:left;vertical-align:top;padding:.4rem 1rem .4rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600}
code{font-size:.85em}.sum{margin-top:1rem}.sum tbody th{font-weight:400}
.sum tr>:last-child{padding-right:0;text-align:right;white-space:nowrap}.sum tfoot tr:last-child>*{border-bottom:0}
.wide{overflow-x:auto}.log{width:100%}.log td{overflow-wrap:anywhere}
@media(min-width:44.01rem){.log td:nth-child(2),.log td:nth-child(3){white-space:nowrap}
.log td:nth-child(4),.log td:nth-child(5){min-width:13rem}.log td:nth-child(6){white-space:nowrap}}
@media(max-width:44rem){.log thead{position:absolute;left:-200vw}.log tr,.log th,.log td{display:block}
.log tr{padding:.6rem 0;border-bottom:1px solid var(--line)}.log th,.log td{border:0;padding:0}
.log th::before{content:"Entry "}.log td:nth-child(4){font-weight:600}
.log td:nth-child(5):not(:empty)::before{content:"Rule "}.log td:nth-child(6)::before{content:"Policy "}}
@media print{.deadline{break-inside:avoid}.wide{overflow:visible}}`;
