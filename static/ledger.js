// Sorts and filters the ledger in place. Without it the table is complete; the choice is kept in the address.
(() => {
  "use strict";
  const table = document.querySelector("table.ledger");
  const body = table?.tBodies[0];
  if (!body) return;
  const language = document.documentElement.lang;
  const order = new Intl.Collator(language, { numeric: true });
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (node) => node?.textContent.trim().replace(/\s+/g, " ") ?? "";
  const listed = (text) => (text ? text.split("|") : []);

  // What it says comes with the table, in the language of the page; a number chooses its plural.
  const said = JSON.parse(table.dataset.words);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const plural = new Intl.PluralRules(language);
  const count = (forms, n, values = {}) => fill(forms[plural.select(n)] ?? forms.other, { n, ...values });

  const limits = [1e7, 1e8, 1e9, Infinity];
  const band = ({ currency, amount, value }) =>
    amount ? fill(said.bands[limits.findIndex((most) => Number(amount) < most)], { currency }) : said.without[value];

  const read = (row) => {
    const parties = [...row.cells[3].querySelectorAll("[data-party]")].map(words);
    const date = row.cells[0].querySelector("time")?.dateTime ?? "";
    return {
      row, date, title: words(row.cells[1]), text: plain(words(row)),
      kind: [words(row.cells[2])], status: [words(row.cells[4])], party: parties,
      tag: listed(row.dataset.tags), country: listed(row.dataset.countries), year: [date.slice(0, 4)], value: [band(row.dataset)],
      currency: row.dataset.currency ?? "", amount: row.dataset.amount ? Number(row.dataset.amount) : null,
      priced: row.dataset.value !== "none", disclosed: row.dataset.value === "disclosed",
    };
  };
  let deals = [...body.rows].map(read);

  // What stands beyond the first page is fetched when somebody asks for an order or a choice of all.
  let older = table.dataset.older;
  let fetching = null;
  const rest = () => (fetching ??= (async () => {
    while (older) {
      say(count(said.fetching, deals.length));
      const answer = await fetch(older);
      if (!answer.ok) throw new Error(answer.statusText);
      const sheet = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("table.ledger");
      const rows = [...(sheet?.tBodies[0].rows ?? [])].map((row) => document.adoptNode(row));
      body.append(...rows);
      deals = deals.concat(rows.map(read));
      older = sheet?.dataset.older;
    }
    options();
  })().catch(() => {
    fetching = null;
    return said.failed;
  }));

  const fields = ["kind", "status", "party", "tag", "country", "year", "value"].map((key, i) => [key, said.fields[i]]);
  const make = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const search = make("input", { type: "search", name: "q", autocomplete: "off", enterkeyhint: "search" });
  const selects = new Map(fields.map(([key]) => [key, make("select", { name: key })]));
  const told = make("output", { "aria-live": "polite" });
  const reset = make("button", { type: "reset" }, said.reset);
  const label = (text, control) => make("label", {}, make("span", {}, text), control);
  const form = make(
    "form", { class: "filters", role: "search", "aria-label": said.choose },
    make("div", { class: "filter-fields" }, label(said.find, search), ...fields.map(([key, text]) => label(text, selects.get(key)))),
    make("p", { class: "filter-result" }, told, " ", reset),
  );
  const box = make("details", { class: "filter-box" }, make("summary", {}, said.choose), form);
  const say = (text) => { told.textContent = text; };

  function options() {
    for (const [key, select] of selects) {
      const chosen = select.value || wanted.get(key) || "";
      const counts = new Map();
      for (const deal of deals) for (const one of new Set(deal[key])) if (one) counts.set(one, (counts.get(one) ?? 0) + 1);
      const sorted = [...counts].sort(([a], [b]) => (key === "year" ? order.compare(b, a) : order.compare(a, b)));
      if (chosen && !counts.has(chosen)) sorted.push([chosen, 0]);
      select.replaceChildren(make("option", { value: "" }, said.all), ...sorted.map(([one, n]) => make("option", { value: one }, `${one} (${n})`)));
      select.value = chosen;
      select.parentElement.hidden = sorted.length < 2 && !chosen;
    }
  }

  // Where nothing is known comes last, whichever way the rest goes.
  const columns = [
    (a, b) => order.compare(a.date, b.date),
    (a, b) => order.compare(a.title, b.title),
    (a, b) => order.compare(a.kind[0], b.kind[0]),
    (a, b) => order.compare(a.party[0] ?? "", b.party[0] ?? ""),
    (a, b) => order.compare(a.status[0], b.status[0]),
    (a, b) => order.compare(a.currency, b.currency) || a.amount - b.amount,
  ];
  const unknown = (deal, column) => (column === 5 ? deal.amount === null : column === 0 && !deal.date);
  const heads = [...table.tHead.rows[0].cells];
  const names = ["date", "deal", "kind", "parties", "status", "value"];
  let sort = { column: 0, down: true };

  function arrange() {
    const { column, down } = sort;
    const newest = (a, b) => order.compare(b.date, a.date) || order.compare(a.title, b.title);
    deals.sort((a, b) =>
      unknown(a, column) - unknown(b, column) ||
      (unknown(a, column) ? 0 : columns[column](a, b) * (down ? -1 : 1)) || newest(a, b));
    body.append(...deals.map((deal) => deal.row));
    heads.forEach((head, i) => {
      if (i === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  function choose() {
    const asked = plain(search.value).split(/\s+/).filter(Boolean);
    let shown = 0, priced = 0, disclosed = 0;
    for (const deal of deals) {
      const fits = asked.every((word) => deal.text.includes(word)) &&
        [...selects].every(([key, select]) => !select.value || deal[key].includes(select.value));
      deal.row.hidden = !fits;
      if (!fits) continue;
      shown += 1;
      priced += deal.priced;
      disclosed += deal.disclosed;
    }
    const all = shown === deals.length;
    const number = count(all ? said.shownAll : said.shownSome, deals.length, { shown });
    say(priced ? number + fill(said.shownDisclosed, { disclosed, priced }) : number);
    reset.hidden = all && sort.column === 0 && sort.down;
  }

  function keep() {
    const url = new URL(location.href);
    for (const key of ["q", "sort", ...selects.keys()]) url.searchParams.delete(key);
    if (search.value) url.searchParams.set("q", search.value);
    for (const [key, select] of selects) if (select.value) url.searchParams.set(key, select.value);
    if (sort.column !== 0 || !sort.down) url.searchParams.set("sort", (sort.down ? "-" : "") + names[sort.column]);
    history.replaceState(null, "", url);
  }

  async function update() {
    keep();
    const trouble = await rest();
    arrange();
    choose();
    if (trouble) say(trouble);
  }

  heads.forEach((head, i) => {
    const button = make("button", { type: "button" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      sort = { column: i, down: sort.column === i ? !sort.down : i === 0 || i === 5 };
      update();
    });
  });
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    sort = { column: 0, down: true };
    setTimeout(update);
  });

  const wanted = new URLSearchParams(location.search);
  search.value = wanted.get("q") ?? "";
  const named = (wanted.get("sort") ?? "").replace(/^-/, "");
  if (names.includes(named)) sort = { column: names.indexOf(named), down: wanted.get("sort").startsWith("-") };
  options();
  table.closest(".scroll").before(box);
  arrange();
  if (["q", "sort", ...selects.keys()].some((key) => wanted.get(key))) {
    box.open = true;
    update();
  }
  else choose();
})();
