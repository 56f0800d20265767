(() => {
  'use strict';
  const root = document.documentElement, ownScript = document.currentScript;
  if (!ownScript || !window.dealwireMorph || document.querySelector('dealwire-preview')) return;
  const { sources, note, imported, standsFor, isExecutable, morph, morphAttributes } = window.dealwireMorph;
  delete window.dealwireMorph;
  const LOST_AFTER = 1000, RETRY_FIRST = 500, RETRY_LONGEST = 5000, HIDDEN_FOR = 2000;
  const STYLESHEET_WAIT = 5000, CHECK_WAIT = 1500;
  const WORDS = { absent: 'No such page', unmentioned: 'Not on the site yet' };
  const titled = (name) => WORDS[name] || name[0].toUpperCase() + name.slice(1);
  const rendered = { summary: '', findings: '', hadErrors: false };
  let shownDigest = ownScript.dataset.digest;
  let state = null; // the newest state the server sent
  let lost = false; // the server has been out of reach for longer than LOST_AFTER

  // ---- Small tools
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
      if (typeof value === 'function') node.addEventListener(name, value);
      else node.setAttribute(name, value);
    node.append(...children);
    return node;
  }
  const button = (attributes, ...children) => el('button', { type: 'button', ...attributes }, ...children);
  const setText = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };
  // What stands between backticks is code.
  const inCode = (text) => text.split('`').map((part, n) => (n % 2 ? el('code', {}, part) : part));
  const plural = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
  const countText = ({ errors, warnings }) =>
    [errors && plural(errors, 'error'), warnings && plural(warnings, 'warning')].filter(Boolean).join(', ') ||
    'No findings';
  function instantText(instant) {
    // in its own offset, not the reader's: 1 June 2017, 00:00 (UTC+08:00)
    const day = new Date(`${instant.slice(0, 10)}T00:00Z`).toLocaleDateString('en-GB', {
      dateStyle: 'long',
      timeZone: 'UTC',
    });
    return `${day}, ${instant.slice(11, 16)} (UTC${instant.replace(/^.{16}[:.\d]*Z?/, '')})`;
  }
  function recall(key) {
    try {
      return JSON.parse(sessionStorage.getItem(`dealwire:${key}`));
    } catch {
      return null;
    }
  }
  function keep(key, value) {
    try {
      sessionStorage.setItem(`dealwire:${key}`, JSON.stringify(value));
    } catch {
      // forbidden by the browser's settings
    }
  }

  // ---- Strip and overlay in one host, banner in another: outside the body, and out of reach of the site's styles
  const host = el('dealwire-preview', { lang: 'en' });
  const shadow = host.attachShadow({ mode: 'open' });
  const bannerHost = el('dealwire-banner', { lang: 'en' });
  const bannerShadow = bannerHost.attachShadow({ mode: 'open' });
  // One is for inside the modal dialog.
  const liveRegions = [0, 1].map(() => el('div', { class: 'unseen', 'aria-live': 'polite' }));
  const announce = (text) => liveRegions.forEach((region) => setText(region, text));
  const why = el('p', { class: 'why', id: 'why', hidden: '' });
  const lostNote = el('p', { class: 'lost', hidden: '' }, 'Preview server is not running: reconnecting…');
  const standing = el('span', { class: 'standing' }, 'Preview');
  const asPublic = el('span', { class: 'quiet', hidden: '' }, 'as readers see it');
  const fileButton = button({
    class: 'file',
    title: 'Copy the path',
    hidden: '',
    click: () => copy(state.strip.file, fileButton),
  });
  const findingsButton = button({ class: 'findings', 'aria-haspopup': 'dialog', click: askForOverlay }, 'Connecting…');
  const toggleWhy = () => whyButton.setAttribute('aria-expanded', String(!why.toggleAttribute('hidden')));
  const whyButton = button({ 'aria-expanded': 'false', 'aria-controls': 'why', click: toggleWhy }, 'Why?');
  const collapseButton = button(
    { class: 'collapse', 'aria-label': 'Hide the preview bar', title: 'Hide', click: () => collapse(true) },
    '×',
  );
  const bar = el(
    'section',
    { class: 'bar', 'aria-label': 'Preview' },
    lostNote,
    why,
    el(
      'div',
      { class: 'row' },
      standing,
      asPublic,
      fileButton,
      el('span', { class: 'tools' }, findingsButton, whyButton, collapseButton),
    ),
  );
  const tab = button({ class: 'tab standing', click: () => collapse(false) }, 'Preview');
  const spacer = el('div'); // keeps the end of the page clear of the bar
  const overlayTitle = el('h1', { id: 'title' });
  const overlayList = el('div', { class: 'list' });
  const closeButton = button({ click: () => overlay.close() }, 'Close');
  const overlay = el(
    'dialog',
    {
      'aria-labelledby': 'title',
      tabindex: '-1',
      close: noteDismissal,
      click: (event) => event.target === overlay && overlay.close(),
    },
    el('div', { class: 'sheet' }, el('header', {}, overlayTitle, closeButton), overlayList, liveRegions[1]),
  );
  shadow.append(spacer, bar, tab, overlay, liveRegions[0]);
  function collapse(collapsed) {
    const hadFocus = shadow.activeElement;
    [bar.hidden, tab.hidden] = [collapsed, !collapsed];
    if (hadFocus) (collapsed ? tab : collapseButton).focus();
    keep('collapsed', collapsed);
  }
  async function copy(text, from) {
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // there is no clipboard outside a secure context, such as plain HTTP over the local network
      const field = el('textarea', { class: 'unseen' }, text);
      from.after(field);
      field.select();
      copied = document.execCommand('copy');
      field.remove();
      from.focus();
    }
    from.dataset.copied = copied ? 'Copied' : 'Not copied';
    announce(copied ? `Copied ${text}` : 'Could not copy');
    setTimeout(() => {
      delete from.dataset.copied;
      announce('');
    }, 1500);
  }
  function render() {
    const { strip, errors, warnings, checking } = state;
    const word = titled(strip.standing), counts = countText(state);
    setText(standing, word);
    standing.dataset.standing = tab.dataset.standing = strip.standing;
    [asPublic.hidden, fileButton.hidden] = [!state.as_public, !strip.file];
    const cut = (strip.file || '').lastIndexOf('/') + 1;
    if (fileButton.textContent !== (strip.file || ''))
      fileButton.replaceChildren(
        el('span', { class: 'folder' }, (strip.file || '').slice(0, cut)),
        el('span', { class: 'name' }, (strip.file || '').slice(cut)),
      );
    setText(findingsButton, !checking ? counts : errors + warnings ? `${counts}, checking…` : 'Checking…');
    findingsButton.dataset.level = errors ? 'error' : warnings ? 'warning' : 'none';
    const kept = strip.kept && 'The file has errors: this is the last version without.';
    why.replaceChildren(...inCode([strip.reason, strip.when_text, kept].filter(Boolean).join(' — ')));
    setText(tab, lost ? 'Not running' : errors ? `${word}, ${plural(errors, 'error')}` : word);
    tab.setAttribute('aria-label', `Show the preview bar: ${tab.textContent}`);
    const summary = lost ? lostNote.textContent : checking ? rendered.summary : `${word}. ${counts}.`;
    if (rendered.summary && rendered.summary !== summary) announce(summary);
    rendered.summary = summary;
    renderBanner();
    renderOverlay();
  }
  function standingNotice({ standing: name, when_text: when }) {
    if (name === 'draft') return 'readers do not see this';
    if (name === 'expired') return `readers no longer see this${when ? ` since ${when}` : ''}`;
    return /^(embargoed|scheduled)$/.test(name) && `readers ${when ? `see this from ${when}` : 'do not see this yet'}`;
  }
  function renderBanner() {
    const bands = [];
    const band = (kind, title, ...children) =>
      bands.push(el('p', { class: 'band', 'data-standing': kind }, el('b', {}, title), ': ', ...children));
    const now = new URL(location.href);
    now.searchParams.delete('as-of');
    const back = now.search === location.search ? [] : [' ', el('a', { href: now.href }, 'Back to now')];
    if (state.as_of) band('travel', 'Time travel', `the site as of ${instantText(state.as_of)}`, ...back);
    const notice = standingNotice(state.strip);
    if (notice) band(state.strip.standing, titled(state.strip.standing), notice);
    if (bannerShadow.textContent !== bands.map((node) => node.textContent).join(''))
      bannerShadow.replaceChildren(...bands);
    placeBanner();
  }
  // A page whose own header keeps to the top edge needs that edge: the banner then gives way.
  function placeBanner() {
    const beneath = document
      .elementsFromPoint(innerWidth / 2, 2)
      .map((node) => (node === bannerHost || node === host ? '' : getComputedStyle(node).position));
    if (beneath.includes('fixed')) bannerHost.dataset.place = 'bottom';
    else if (beneath.includes('sticky') && !bannerHost.dataset.place) bannerHost.dataset.place = 'flow';
  }

  // ---- Overlay
  const findingKey = ({ code, file, line, message }) => JSON.stringify([code, file, line, message]);
  const errorKeys = () => state.findings.filter(({ severity }) => severity === 'error').map(findingKey);
  function noteDismissal() {
    if (overlay.returnValue !== 'resolved') keep('dismissed', errorKeys());
  }
  let closeTimer;
  // Who asks for it wants to see what comes of it, also of errors that were put away before.
  function askForOverlay() {
    keep('dismissed', []);
    openOverlay();
  }
  function openOverlay() {
    if (!state || overlay.open) return;
    overlay.returnValue = '';
    overlay.showModal();
    overlay.focus(); // not the button: a key that was meant for the page closes nothing
  }
  function renderOverlay() {
    setText(overlayTitle, state.checking && !state.errors ? 'Checking…' : countText(state));
    const findings = JSON.stringify([state.findings, state.more]);
    if (rendered.findings !== findings) {
      const { scrollTop } = overlayList;
      const focused = overlayList.contains(shadow.activeElement) && shadow.activeElement.dataset.key;
      overlayList.replaceChildren(...findingSections());
      overlayList.scrollTop = scrollTop;
      const heir = [...overlayList.querySelectorAll('button')].find(({ dataset }) => dataset.key === focused);
      if (focused !== false) (heir || closeButton).focus({ preventScroll: true });
      rendered.findings = findings;
    }
    const dismissed = recall('dismissed') || [], active = document.activeElement;
    const typing = active && (active.isContentEditable || active.matches('input, textarea, select'));
    if (state.errors && !typing && errorKeys().some((key) => !dismissed.includes(key))) openOverlay();
    clearTimeout(closeTimer);
    if (!state.errors && rendered.hadErrors) {
      // What an edit leaves of the errors is known when the check is over: until then the overlay waits, but not for long.
      if (state.checking) closeTimer = setTimeout(closeResolved, CHECK_WAIT);
      else closeResolved();
    }
    if (!state.errors && !state.checking) keep('dismissed', []);
    rendered.hadErrors = state.errors > 0 || (state.checking && rendered.hadErrors);
  }
  function closeResolved() {
    if (overlay.open) overlay.close('resolved');
  }
  function findingSections() {
    const places = [['This page', true], ['The rest of the site', false]];
    const sections = places
      .map(([title, here]) => [title, state.findings.filter((finding) => Boolean(finding.here) === here)])
      .filter(([, findings]) => findings.length)
      .map(([title, findings]) => el('section', {}, el('h2', {}, title), el('ol', {}, ...findings.map(findingItem))));
    const nothing = sections.length ? '' : 'Nothing to report.';
    const rest = state.more ? `And ${plural(state.more, 'more finding')}.` : nothing;
    return [...sections, el('p', { class: 'quiet' }, rest)];
  }
  function findingItem(finding) {
    const { code, severity, message, file, line, column, source, help } = finding;
    const place = [file, line, column].filter(Boolean).join(':');
    const placeButton = button(
      { class: 'file', title: 'Copy', 'data-key': findingKey(finding), click: () => copy(place, placeButton) },
      place,
    );
    const head = el(
      'p',
      { class: 'head' },
      el('b', {}, severity === 'error' ? 'Error' : 'Warning'),
      el('code', {}, code),
      ...(file ? [placeButton] : []),
    );
    const sentence = message.charAt(0).toUpperCase() + message.slice(1);
    const item = el('li', { class: severity }, head, el('p', { class: 'message' }, ...inCode(sentence)));
    if (source) {
      const [before, marked, after] = source;
      const attributes = { 'data-line': line || '', role: 'group', 'aria-label': 'Source' };
      item.append(el('pre', attributes, before, el('mark', {}, marked), after));
    }
    if (help) item.append(el('p', {}, el('b', {}, 'Help: '), ...inCode(help)));
    return item;
  }

  // ---- Update: bring the document to what the server now serves
  const isStylesheet = (node) => node.matches('link[rel~="stylesheet" i]');
  const isPlainHead = (node) => node.matches('meta, link, script, style') && !isStylesheet(node) && !isExecutable(node);
  const liveHead = (wanted) =>
    [...document.head.children].filter((node) => sources.has(node) && wanted(sources.get(node)));
  // A script element made by a script is asynchronous without having the attribute.
  const scriptList = (page) =>
    JSON.stringify(
      [...page.scripts]
        .filter((script) => isExecutable(script) && (!script.async || script.hasAttribute('async')))
        .map((script) => [script.getAttribute('type'), script.getAttribute('src') || script.textContent]),
    );
  const removeOwnScripts = (page) =>
    page.querySelectorAll('script[data-dealwire]').forEach((script) => script.remove());
  removeOwnScripts(document);
  const siteScripts = scriptList(document);
  note(root, document.implementation.createHTMLDocument('').importNode(root, true)); // this copy loads and runs nothing
  // Resolves to whether the page was brought up to date.
  async function update(target) {
    const here = location.pathname + location.search;
    const [response, html] = await fetch(here, { cache: 'no-store', headers: { 'X-Dealwire-Page': '1' } })
      .then(async (answer) => [answer, await answer.text()])
      .catch(() => []);
    if (!response) return false;
    const { pathname, search } = new URL(response.url);
    if (pathname + search !== here || !/^text\/html\b/i.test(response.headers.get('Content-Type'))) return reload();
    const page = new DOMParser().parseFromString(html, 'text/html');
    const digest = page.querySelector('script[data-dealwire][data-digest]')?.dataset.digest ?? target.digest;
    if (digest !== shownDigest) {
      removeOwnScripts(page);
      // In a document that runs scripts, as the live one does, the content of noscript is text.
      for (const noscript of page.querySelectorAll('noscript')) noscript.textContent = noscript.innerHTML;
      if (scriptList(page) !== siteScripts || !sources.has(document.body)) return reload();
      (await addStylesheets(page)).forEach((stale) => stale.remove());
      document.title = page.title;
      morphAttributes(root, sources.get(root), page.documentElement);
      sources.set(root, page.documentElement);
      updateHead(page);
      morph(document.body, page.body);
    }
    shownDigest = digest;
    return true;
  }
  const reload = () => new Promise(() => location.reload()); // never resolves: nothing is to follow in this document
  function updateHead(page) {
    const unclaimed = liveHead(isPlainHead);
    for (const source of [...page.head.children].filter(isPlainHead)) {
      const at = unclaimed.findIndex((node) => standsFor(node, source));
      if (at < 0) document.head.append(imported(source));
      else note(unclaimed.splice(at, 1)[0], source);
    }
    unclaimed.forEach((node) => node.remove());
  }
  // Adds the new stylesheets at their places and resolves, when they have loaded, to those to be dropped: at no moment is
  // the page without its styles. A kept link is never moved, since moving it would load it again.
  async function addStylesheets(page) {
    const olds = liveHead(isStylesheet), news = [...page.head.children].filter(isStylesheet);
    const stale = [], loads = [];
    let last = null;
    for (const source of news) {
      const at = olds.findIndex((node) => standsFor(node, source));
      stale.push(...olds.splice(0, at < 0 ? 0 : at));
      if (at >= 0) {
        last = olds.shift();
        continue;
      }
      if (olds.length && !news.some((other) => standsFor(olds[0], other))) stale.push((last = olds.shift()));
      const node = imported(source);
      const isOver = (resolve) => { node.onload = node.onerror = resolve; };
      loads.push(new Promise(isOver));
      document.head.insertBefore(node, last ? last.nextSibling : olds[0] || null);
      last = node;
    }
    const longEnough = new Promise((resolve) => setTimeout(resolve, STYLESHEET_WAIT)); // a disabled one never reports
    if (loads.length) await Promise.race([Promise.all(loads), longEnough]);
    return stale.concat(olds);
  }
  let updating = false;
  let settled = null; // the state the page was last brought up to
  let absentVersion = null; // the version whose 404 page is shown
  async function catchUp() {
    if (updating) return;
    updating = true;
    while (settled !== state) {
      const target = state;
      const current = target.digest === null ? target.version === absentVersion : target.digest === shownDigest;
      if (!current && !(await update(target).catch(reload))) break; // a new state comes when the server is back
      absentVersion = target.digest === null ? target.version : null;
      settled = target;
      root.dataset.dealwire = String(target.version);
      placeBanner();
    }
    updating = false;
  }

  // ---- Connection
  let stream = null, retryDelay = RETRY_FIRST;
  let retryTimer, lostTimer, hiddenTimer;
  function connect() {
    clearTimeout(retryTimer);
    if (stream) return;
    const page = encodeURIComponent(location.pathname + location.search);
    stream = new EventSource(`/-dealwire/events?page=${page}&digest=${encodeURIComponent(shownDigest || '')}`);
    stream.addEventListener('state', receive);
    for (const type of ['bye', 'error']) stream.addEventListener(type, reconnectLater);
  }
  function disconnect() {
    for (const timer of [retryTimer, lostTimer]) clearTimeout(timer);
    stream?.close();
    stream = lostTimer = null;
  }
  // The stream's own reconnection would report an outdated digest, and an HTTP error ends it.
  function reconnectLater() {
    stream.close();
    stream = null;
    lostTimer = lostTimer || setTimeout(setLost, LOST_AFTER, true);
    retryTimer = setTimeout(connect, retryDelay);
    retryDelay = Math.min(retryDelay * 2, RETRY_LONGEST);
  }
  function setLost(value) {
    clearTimeout(lostTimer);
    lostTimer = null;
    lostNote.hidden = !(lost = value);
    if (state) render();
  }
  function receive(event) {
    retryDelay = RETRY_FIRST;
    state = JSON.parse(event.data);
    setLost(false);
    catchUp();
  }
  // A browser opens six connections to a server for all its tabs together: one that nobody sees takes none of them.
  function reconnectIfVisible() {
    clearTimeout(hiddenTimer);
    if (document.hidden) hiddenTimer = setTimeout(disconnect, HIDDEN_FOR);
    else {
      retryDelay = RETRY_FIRST;
      connect();
    }
  }

  // ---- Time travel: links keep the instant, as it stands in the address, where a decoded "+" would become a space
  const [, asOf] = /[?&](as-of=[^&]*)/.exec(location.search) || [];
  function carryInstant(event) {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.hasAttribute('href'));
    if (
      !link ||
      link.getRootNode() === bannerShadow ||
      event.button ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    if (
      /^(?!_self$)./i.test(link.target) ||
      link.hasAttribute('download') ||
      link.origin !== location.origin ||
      /[?&]as-of=/.test(link.search)
    )
      return;
    const href = link.getAttribute('href');
    link.search += (link.search ? '&' : '?') + asOf;
    setTimeout(() => link.setAttribute('href', href)); // by then the browser has read the address
  }

  // ---- Start
  const styles = new CSSStyleSheet();
  styles.replaceSync(`
    :host {
      all: initial !important;
      display: block !important;
      direction: ltr !important;
      color-scheme: light dark !important;
      color: var(--ink) !important;
      font:
        13px/1.45 system-ui,
        "Segoe UI",
        "PingFang SC",
        "Microsoft YaHei",
        "Noto Sans CJK SC",
        sans-serif !important;
      --mono: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", "Noto Sans Mono CJK SC", monospace;
      --ink: #24262a;
      --quiet: #5d6168;
      --paper: #f7f7f5;
      --sheet: #fff;
      --line: #d6d6d1;
      --error: #b3122e;
      --warning: #8a5a00;
      --focus: #1558c0;
      --public: #1b7f43;
      --draft: #5b616b;
      --embargoed: #a1123a;
      --scheduled: #1f56a8;
      --expired: #7a4a2b;
    }
    @media (prefers-color-scheme: dark) {
      :host {
        --ink: #e7e7e3;
        --quiet: #a9adb4;
        --paper: #1f2125;
        --sheet: #17181b;
        --line: #3b3e44;
        --error: #ff8390;
        --warning: #f0b94f;
        --focus: #8ab6ff;
        --public: #4cc27d;
        --draft: #9aa1ac;
        --embargoed: #ff7a9c;
        --scheduled: #7fb0ff;
        --expired: #d8a07a;
      }
    }
    @media print {
      :host { display: none !important; }
    }
    :host(dealwire-banner) {
      position: sticky !important;
      top: 0 !important;
      z-index: 2147483646 !important;
      --draft: #555b65;
      --embargoed: #9c1238;
      --scheduled: #1f56a8;
      --expired: #74462a;
    }
    :host([data-place="flow"]) { position: relative !important; }
    :host([data-place="bottom"]) { position: fixed !important; inset: auto 0 var(--bar, 0px) !important; }
    * { box-sizing: border-box; margin: 0; overflow-wrap: anywhere; }
    [hidden] { display: none !important; }
    .unseen {
      position: fixed;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    [data-standing="public"], [data-standing="generated"] { --dot: var(--public); }
    [data-standing="draft"] { --dot: var(--draft); }
    [data-standing="embargoed"] { --dot: var(--embargoed); }
    [data-standing="scheduled"] { --dot: var(--scheduled); }
    [data-standing="expired"] { --dot: var(--expired); }
    [data-standing="travel"] { --dot: #543a94; }
    button {
      font: inherit;
      color: inherit;
      text-align: start;
      white-space: nowrap;
      background: none;
      border: 1px solid var(--line);
      border-radius: 4px;
      padding: 1px 8px;
      cursor: pointer;
    }
    button:hover { background: color-mix(in srgb, currentColor 9%, transparent); }
    :focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
    .quiet, .file, code, h2 { color: var(--quiet); }
    .file, code, pre { font: 12px/1.5 var(--mono); }
    .file { min-width: 0; white-space: normal; border-color: transparent; }
    [data-copied]::after { content: " " attr(data-copied); font-weight: 600; color: var(--public); }
    .band { padding: 6px 15px; background: var(--dot); color: #fff; }
    .band a { margin-inline-start: .5em; color: inherit; }
    .band :focus-visible { outline-color: #fff; }
    .bar {
      position: fixed;
      inset: auto 0 0;
      z-index: 2147483647;
      max-height: 60vh;
      overflow: auto;
      padding: 5px 8px calc(5px + env(safe-area-inset-bottom));
    }
    .tab {
      position: fixed;
      inset: auto 0 0 auto;
      z-index: 2147483647;
      border-width: 1px 0 0 1px;
      border-radius: 6px 0 0;
      padding: 5px 12px calc(5px + env(safe-area-inset-bottom));
    }
    .bar, .tab, .tab:hover { background: var(--paper); border-color: var(--line); }
    .bar { border-top: 1px solid var(--line); }
    .row, .tools, .standing, .head, header { display: flex; align-items: center; gap: 4px 6px; }
    .row { align-items: baseline; }
    .tools { margin-inline-start: auto; flex: none; }
    .standing { flex: none; gap: 7px; font-weight: 600; }
    .row .standing { padding-inline-start: 7px; }
    .standing::before {
      content: "";
      width: 9px;
      height: 9px;
      border-radius: 50%;
      border: 1px solid var(--dot, var(--quiet));
      background: var(--dot, none);
    }
    .findings[data-level="error"], .lost, .error .head b { color: var(--error); font-weight: 600; }
    .findings[data-level="warning"], .warning .head b { color: var(--warning); }
    .why, .lost { padding: 2px 7px 6px; max-width: 90ch; }
    @media (max-width: 600px) {
      .row { flex-wrap: wrap; }
      .row .file { flex: 1 1 0; display: flex; min-width: 10em; white-space: nowrap; padding-inline: 7px; }
      .folder, .name { overflow: hidden; text-overflow: ellipsis; }
      .folder { flex: 0 1 auto; min-width: 2ch; }
      .name { flex: none; max-width: calc(100% - 2ch); }
      .tools { flex: 1 1 100%; }
      .findings { margin-inline-end: auto; }
    }
    dialog {
      width: min(860px, 100vw - 24px);
      max-width: none;
      max-height: min(80vh, 100vh - 24px);
      margin: auto;
      padding: 0;
      color: inherit;
      background: var(--sheet);
      border: 1px solid var(--line);
      border-radius: 8px;
      box-shadow: 0 12px 48px rgb(0 0 0 / 35%);
      overflow: hidden;
    }
    dialog[open] { display: flex; }
    dialog:focus-visible { outline: none; }
    dialog::backdrop { background: rgb(0 0 0 / 45%); }
    .sheet { flex: 1; min-width: 0; display: flex; flex-direction: column; }
    header {
      gap: 14px;
      justify-content: space-between;
      padding: 12px 12px 12px 20px;
      border-bottom: 1px solid var(--line);
    }
    header button { padding: 3px 12px; }
    h1 { font-size: 17px; line-height: 1.3; }
    h2 { font-size: 13px; font-weight: 600; margin: 18px 0 6px; }
    .list { overflow: auto; overscroll-behavior: contain; padding: 0 20px 20px; }
    .list > p { margin-top: 16px; }
    .list > p:empty { display: none; }
    ol { list-style: none; padding: 0; }
    li { padding: 12px 0 14px; border-top: 1px solid var(--line); }
    li > * + * { margin-top: 5px; }
    .head { flex-wrap: wrap; align-items: baseline; gap: 0 8px; }
    .head .file { padding-inline: 3px; margin-inline: -4px; }
    .message { font-size: 15px; max-width: 75ch; }
    li p code { padding: 1px 3px; color: inherit; background: var(--paper); border-radius: 3px; }
    .message code { font-size: 13px; }
    .head code { padding: 0; color: var(--quiet); background: none; }
    pre {
      position: relative;
      padding: 8px 12px;
      white-space: pre-wrap;
      background: var(--paper);
      border-radius: 4px;
    }
    pre:not([data-line=""]) { padding-inline-start: calc(22px + 3ch); }
    pre::before {
      content: attr(data-line);
      position: absolute;
      inset-inline-start: 12px;
      width: 3ch;
      text-align: end;
      color: var(--quiet);
    }
    mark {
      background: none;
      color: inherit;
      font-weight: 700;
      text-decoration: underline 2px;
      text-underline-offset: 3px;
    }
    .error mark { text-decoration-color: var(--error); }
    .warning mark { text-decoration-color: var(--warning); font-weight: inherit; }
  `);
  shadow.adoptedStyleSheets = bannerShadow.adoptedStyleSheets = [styles];
  root.insertBefore(bannerHost, document.body);
  root.append(host);
  collapse(recall('collapsed') === true);
  new ResizeObserver(() =>
    bannerHost.style.setProperty('--bar', (spacer.style.height = `${bar.offsetHeight}px`)),
  ).observe(bar);
  if (asOf) document.addEventListener('click', carryInstant, { capture: true });
  addEventListener('scroll', placeBanner, { passive: true });
  for (const type of ['online', 'pageshow', 'visibilitychange']) addEventListener(type, reconnectIfVisible);
  addEventListener('pagehide', disconnect);
  reconnectIfVisible();
})();
