// Searches the site: loads what a query needs of the index, year by year, and keeps the query in the address.
const place = document.querySelector(".search");
const index = JSON.parse(place.dataset.index);
const common = new Set(index.common.split(" "));
const language = document.documentElement.lang;
const order = new Intl.Collator(language, { numeric: true });
const SHEET = 20;
// What it says comes with the index, in the language of the page.
const said = index.words;
const plural = new Intl.PluralRules(language);

// Texts fall into terms here as they do where the index is made: src/render/search/terms.rs.
const CJK = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const RUN = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+|[^\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;
const PART = /[\p{Alphabetic}\p{N}]+/gu;
const fold = (text) => [...text.normalize("NFKD").replace(/\p{M}/gu, "")].map((c) => c.toLowerCase()).join("");
const runs = (text) => (fold(text).match(PART) ?? []).flatMap((part) => part.match(RUN) ?? []);
const pairs = (run) => {
  const letters = [...run];
  return letters.length === 1 ? letters : letters.slice(1).map((c, i) => letters[i] + c);
};
const cut = (word) => [...word].slice(0, 24).join("");

/** What must occur: terms that are looked for as they are, or with more letters behind them. */
function wanted(query) {
  const needs = new Map();
  for (const run of runs(query)) {
    const letters = [...run];
    if (CJK.test(run)) for (const term of pairs(run)) needs.set(term, { term, open: letters.length === 1, kin: null });
    else if (!common.has(run)) {
      const term = cut(run);
      // A plural finds the singular; the other way round, the longer word begins with the shorter.
      const kin = letters.length > 3 && /[^s]s$/.test(term) ? term.slice(0, -1) : null;
      needs.set(term, { term, open: letters.length > 1, kin });
    }
  }
  return [...needs.values()];
}

const files = new Map();
function load(shard, file) {
  const path = `${index.path}${shard}/${file}.json`;
  if (!files.has(path)) {
    const asked = fetch(path).then((answer) => {
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.json();
    });
    // What failed may be asked for again.
    asked.catch(() => files.delete(path));
    files.set(path, asked);
  }
  return files.get(path);
}

const pieceOf = (term, pieces) => {
  const [first, second] = [...term];
  return (first.codePointAt(0) * 31 + (second && !CJK.test(first) ? second.codePointAt(0) : 0)) % pieces;
};

/** The weight of each find of a shard in which a need is met. */
function matches(words, { term, open, kin }) {
  const found = new Map();
  const add = (postings, factor) => {
    let find = 0;
    for (let i = 0; i < postings.length; i += 2) {
      find += postings[i];
      found.set(find, Math.max(found.get(find) ?? 0, postings[i + 1] * factor));
    }
  };
  if (!open) add(Object.hasOwn(words, term) ? words[term] : [], 1);
  else for (const word in words) if (word.startsWith(term)) add(words[word], word === term ? 1 : 0.6);
  if (kin && Object.hasOwn(words, kin)) add(words[kin], 0.8);
  return found;
}

const FACETS = ["type", "tag", "company", "kind", "year"].map((key, i) => [key, said.facets[i]]);

/** Everything of a shard that meets all needs, with its facets. */
async function look([shard, pieces], needs) {
  const [facets, ...words] = await Promise.all([
    load(shard, "facets"),
    ...needs.map((need) => load(shard, `words-${pieceOf(need.term, pieces)}`)),
  ]);
  const found = needs.map((need, i) => matches(words[i], need));
  const total = facets.days.length;
  const finds = needs.length ? [...found[0].keys()].filter((find) => found.every((f) => f.has(find))) : [...facets.days.keys()];
  const values = (name, find) => facets[name].of[find].map((i) => facets[name].values[i]);
  return {
    total,
    spread: found.map((f) => f.size),
    finds: finds.map((find) => ({
      shard, find, weights: found.map((f) => f.get(find)), day: facets.days[find],
      type: values("type", find), tag: values("tag", find), company: values("company", find), kind: values("kind", find),
      year: facets.days[find] ? [[shard, String(Number(shard))]] : [],
    })),
  };
}

async function search(needs) {
  const shards = await Promise.all(index.shards.map((shard) => look(shard, needs)));
  const total = shards.reduce((n, s) => n + s.total, 0);
  // What is rare says more.
  const rarity = needs.map((_, i) => Math.log(1 + total / (1 + shards.reduce((n, s) => n + s.spread[i], 0))));
  const finds = shards.flatMap((s) => s.finds);
  for (const find of finds) find.score = find.weights.reduce((sum, w, i) => sum + w * rarity[i], 0);
  return finds.sort((a, b) => b.score - a.score || b.day - a.day || order.compare(b.shard, a.shard) || a.find - b.find);
}

const make = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
};

/** A text with what was looked for in `<mark>`. */
function marked(text, needs, query) {
  const whole = runs(query).filter((run) => CJK.test(run));
  const parts = [];
  let plain = 0;
  const mark = (from, to) => {
    if (from > plain) parts.push(text.slice(plain, from));
    parts.push(make("mark", {}, text.slice(from, to)));
    plain = to;
  };
  for (const { 0: part, index: at } of text.matchAll(/[\p{Alphabetic}\p{N}\p{M}]+/gu)) {
    let from = at;
    for (const piece of part.match(RUN)) {
      const word = fold(piece);
      if (CJK.test(piece)) {
        for (const run of whole) {
          for (let i = piece.indexOf(run); i >= 0; i = piece.indexOf(run, i + run.length)) {
            if (from + i >= plain) mark(from + i, from + i + run.length);
          }
        }
      } else if (needs.some(({ term, open, kin }) => word === term || word === kin || (open && word.startsWith(term)))) {
        mark(from, from + piece.length);
      }
      from += piece.length;
    }
  }
  parts.push(text.slice(plain));
  return parts;
}

const input = make("input", { type: "search", name: "q", autocomplete: "off", enterkeyhint: "search", "aria-describedby": "search-keys" });
const selects = new Map(FACETS.map(([key]) => [key, make("select", { name: key })]));
const told = make("output", { "aria-live": "polite" });
const reset = make("button", { type: "reset" }, said.clear);
const label = (text, control) => make("label", {}, make("span", {}, text), control);
const form = make(
  "form", { class: "filters", role: "search", "aria-label": said.search },
  make("div", { class: "filter-fields" }, label(said.for, input), ...FACETS.map(([key, text]) => label(text, selects.get(key)))),
  make("p", { class: "filter-result" }, told, " ", reset),
  make("p", { class: "quiet", id: "search-keys" }, said.keys),
);
const list = make("ol", { class: "found", "aria-label": said.results });
const more = make("button", { type: "button", class: "more" }, said.more);
const say = (text) => { told.textContent = text; };

const passes = (find, but) =>
  [...selects].every(([key, select]) => key === but || !select.value || find[key].some(([id]) => id === select.value));

function options(finds) {
  for (const [key, select] of selects) {
    const chosen = select.value;
    const names = new Map();
    const counts = new Map();
    for (const find of finds) {
      if (!passes(find, key)) continue;
      for (const [id, name] of find[key]) {
        names.set(id, name);
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
    // A long list is no choice: those that occur most.
    const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 100).map(([id]) => id);
    if (chosen && !most.includes(chosen)) most.push(chosen);
    const name = (id) => names.get(id) ?? id;
    most.sort((a, b) => (key === "year" ? order.compare(b, a) : order.compare(name(a), name(b))));
    select.replaceChildren(
      make("option", { value: "" }, said.all),
      ...most.map((id) => make("option", { value: id }, `${name(id)} (${counts.get(id) ?? 0})`)),
    );
    select.value = chosen;
    select.parentElement.hidden = most.length < 2 && !chosen;
  }
}

/** The words of a find's line, from the file of records that has it. */
async function line({ shard, find, type, kind }, needs) {
  const [title, path, about, iso, human, tongue] = (await load(shard, `records-${Math.floor(find / index.records)}`))[find % index.records];
  const spoken = tongue ? { lang: tongue } : {};
  const node = make("li", {}, make("h2", { class: "card-title", ...spoken }, make("a", { href: path }, ...marked(title, needs, input.value))));
  const meta = [type[0][1], ...kind.map(([, name]) => name)];
  const head = make("p", { class: "meta" }, meta.join(" · "));
  if (human) head.append(" · ", make("time", { datetime: iso }, human));
  node.prepend(head);
  if (about) node.append(make("p", { class: "card-text", ...spoken }, ...marked(about, needs, input.value)));
  return node;
}

const found = (n) => (n ? (said.found[plural.select(n)] ?? said.found.other).replace("{n}", n) : said.none);

let turn = 0;
let shown = [];
let looked = [];

async function extend(mine) {
  const from = list.children.length;
  const lines = await Promise.all(shown.slice(from, from + SHEET).map((find) => line(find, looked)));
  if (mine !== turn) return;
  list.append(...lines);
  more.hidden = list.children.length >= shown.length;
  if (from && lines.length) lines[0].querySelector("a").focus();
}

function keep() {
  const url = new URL(location.href);
  for (const key of ["q", ...selects.keys()]) url.searchParams.delete(key);
  if (input.value.trim()) url.searchParams.set("q", input.value.trim());
  for (const [key, select] of selects) if (select.value) url.searchParams.set(key, select.value);
  history.replaceState(null, "", url);
}

async function update() {
  const mine = ++turn;
  keep();
  const needs = wanted(input.value);
  const chosen = [...selects.values()].some((select) => select.value);
  reset.hidden = !input.value && !chosen;
  if (!needs.length && !chosen) {
    list.replaceChildren();
    more.hidden = true;
    for (const select of selects.values()) select.parentElement.hidden = true;
    say(input.value.trim() ? said.everywhere : "");
    return;
  }
  const patience = setTimeout(() => mine === turn && say(said.busy), 300);
  try {
    const finds = await search(needs);
    if (mine !== turn) return;
    options(finds);
    looked = needs;
    shown = finds.filter((find) => passes(find));
    list.replaceChildren();
    await extend(mine);
    if (mine === turn) say(found(shown.length));
  } catch {
    if (mine === turn) say(said.failed);
  } finally {
    clearTimeout(patience);
  }
}

let waiting = 0;
form.addEventListener("input", (event) => {
  clearTimeout(waiting);
  waiting = setTimeout(update, event.target === input ? 120 : 0);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  update();
});
form.addEventListener("reset", () => {
  for (const select of selects.values()) select.replaceChildren(make("option", { value: "" }, said.all));
  setTimeout(() => { update(); input.focus(); });
});
more.addEventListener("click", () => extend(turn));

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const on = document.activeElement;
  const links = [...list.querySelectorAll("h2 a")];
  const at = links.indexOf(on);
  const go = (node) => { event.preventDefault(); node?.focus(); };
  if (event.key === "/" && !on?.matches("input, select, textarea")) go(input);
  else if (event.key === "Escape" && (on === input || at >= 0)) {
    if (on !== input) go(input);
    else if (input.value) { event.preventDefault(); input.value = ""; update(); }
  } else if (event.key === "ArrowDown" && (on === input || at >= 0)) go(links[at + 1] ?? on);
  else if (event.key === "ArrowUp" && at >= 0) go(links[at - 1] ?? input);
});

const asked = new URLSearchParams(location.search);
input.value = asked.get("q") ?? "";
for (const [key, select] of selects) {
  const value = asked.get(key) ?? "";
  select.replaceChildren(make("option", { value: "" }, said.all), ...(value ? [make("option", { value }, value)] : []));
  select.value = value;
}
place.append(form, list, more);
update();
if (!input.value && !location.hash) input.focus({ preventScroll: true });
