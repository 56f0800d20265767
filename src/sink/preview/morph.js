// Brings a live document to a newer source of it, and leaves alone what the two sources have in common: where the reader
// is, what was typed and opened, what the page's own scripts have done.
(() => {
  'use strict';
  const MOST_COMPARISONS = 250000, LOOK_AHEAD = 60;

  // Maps a live node to the node of the served source it stands for. Comparing one source with the next, rather than with
  // the live document, tells an edit from what the user and the page's own scripts have done since.
  const sources = new WeakMap();

  function note(node, source) {
    sources.set(node, source);
    let [a, b] = [node.firstChild, source.firstChild];
    while (a && b && a.nodeName === b.nodeName) {
      note(a, b);
      [a, b] = [a.nextSibling, b.nextSibling];
    }
    return node;
  }
  const imported = (source) => note(document.importNode(source, true), source);
  const textOf = (node) => node.outerHTML ?? node.nodeValue ?? ''; // isEqualNode would skip what is in a template
  const isSame = (a, b) => a.nodeName === b.nodeName && textOf(a) === textOf(b);
  const standsFor = (node, source) => sources.has(node) && isSame(sources.get(node), source);
  const runs = /^(|module|importmap|speculationrules|(text|application)\/(x-)?(java|ecma)script)$/i;
  const isExecutable = (node) => node.nodeName === 'SCRIPT' && runs.test((node.getAttribute('type') || '').trim());

  // ---- Which node becomes which
  const idOf = (node) => node.getAttribute?.('id') || '';
  const canBecome = (a, b) =>
    a.nodeName === b.nodeName && idOf(a) === idOf(b) && a.nodeName !== 'TEMPLATE' && !isExecutable(a);
  // What two texts have in common at their beginnings and their ends, from 0 to 1.
  function likeness(a, b) {
    const [shorter, longer] = [Math.min(a.length, b.length), Math.max(a.length, b.length)];
    let [start, end] = [0, 0];
    while (start < shorter && a[start] === b[start]) start++;
    while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
    return longer ? (start + end) / longer : 1;
  }
  function worth(a, b, aText, bText) {
    if (a.nodeName === b.nodeName && aText === bText) return aText.trim() ? 3 : 0.5;
    if (!canBecome(a, b)) return 0;
    return idOf(a) ? 2.5 : 0.1 + 2 * likeness(aText, bText);
  }
  // Pairs the children of one source with those of the next, in their order, so that as much as can be stays as it is;
  // what is left is paired out of order where it is the same or has the same id. Those are in `moved`.
  function align(olds, news) {
    const [oldTexts, newTexts] = [olds.map(textOf), news.map(textOf)];
    const pairs = new Map(), moved = new Set();
    const same = (i, j) => olds[i].nodeName === news[j].nodeName && oldTexts[i] === newTexts[j];
    let [start, oldEnd, newEnd] = [0, olds.length, news.length];
    for (; start < oldEnd && start < newEnd && same(start, start); start++) pairs.set(news[start], olds[start]);
    for (; oldEnd > start && newEnd > start && same(oldEnd - 1, newEnd - 1); oldEnd--, newEnd--)
      pairs.set(news[newEnd - 1], olds[oldEnd - 1]);
    const [height, width] = [oldEnd - start, newEnd - start];
    if (height * width <= MOST_COMPARISONS) {
      // best[i, j]: the most that can be kept of what is left from the i-th old and the j-th new node on.
      const best = new Float64Array((height + 1) * (width + 1)), worths = new Float64Array(height * width);
      const at = (i, j) => i * (width + 1) + j;
      for (let i = height - 1; i >= 0; i--)
        for (let j = width - 1; j >= 0; j--) {
          const [a, b] = [start + i, start + j];
          const value = (worths[i * width + j] = worth(olds[a], news[b], oldTexts[a], newTexts[b]));
          best[at(i, j)] = Math.max(value && value + best[at(i + 1, j + 1)], best[at(i + 1, j)], best[at(i, j + 1)]);
        }
      for (let i = 0, j = 0; i < height && j < width; ) {
        const value = worths[i * width + j];
        if (value && best[at(i, j)] === value + best[at(i + 1, j + 1)]) pairs.set(news[start + j++], olds[start + i++]);
        else if (best[at(i, j)] === best[at(i + 1, j)]) i++;
        else j++;
      }
    } else {
      const goOn = (i, j) => i < oldEnd && j < newEnd && same(i, j) && oldTexts[i].trim();
      for (let i = start, j = start; i < oldEnd && j < newEnd; ) {
        let ahead = 1;
        if (!same(i, j)) while (ahead < LOOK_AHEAD && !goOn(i + ahead, j) && !goOn(i, j + ahead)) ahead++;
        if (!same(i, j) && goOn(i + ahead, j)) i += ahead;
        else if (!same(i, j) && goOn(i, j + ahead)) j += ahead;
        if (same(i, j) || canBecome(olds[i], news[j])) pairs.set(news[j], olds[i]);
        [i, j] = [i + 1, j + 1];
      }
    }
    const taken = new Set(pairs.values()), left = new Map();
    const names = (node, text) => [`${node.nodeName} ${text}`, ...(idOf(node) ? [`#${idOf(node)}`] : [])];
    olds.forEach((old, i) => {
      if (!taken.has(old) && old.nodeType === Node.ELEMENT_NODE)
        for (const name of names(old, oldTexts[i])) left.set(name, [...(left.get(name) || []), old]);
    });
    news.forEach((one, j) => {
      if (pairs.has(one) || !left.size) return;
      const all = names(one, newTexts[j]).flatMap((name) => left.get(name) || []);
      const old = all.find((other) => !taken.has(other) && (isSame(other, one) || canBecome(other, one)));
      if (!old) return;
      pairs.set(one, old);
      taken.add(old);
      moved.add(one);
    });
    return { pairs, moved };
  }

  // ---- Making it so
  function morph(live, now) {
    const was = sources.get(live);
    sources.set(live, now);
    if (now.nodeType === Node.ELEMENT_NODE) {
      morphAttributes(live, was, now);
      morphChildren(live, was, now);
    } else if (live.nodeValue !== now.nodeValue) live.nodeValue = now.nodeValue;
  }
  // What was typed, ticked or chosen is no attribute and stays by itself; what was opened is one.
  function morphAttributes(live, was, now) {
    for (const name of new Set([...was.getAttributeNames(), ...now.getAttributeNames()])) {
      if (was.getAttribute(name) === now.getAttribute(name)) continue;
      if (name === 'open' && live.hasAttribute(name) !== was.hasAttribute(name)) continue;
      if (now.hasAttribute(name)) live.setAttributeNode(now.getAttributeNode(name).cloneNode());
      else live.removeAttribute(name);
    }
  }
  function move(parent, node, before) {
    try {
      parent.moveBefore(node, before); // keeps the focus, and what is playing
    } catch {
      parent.insertBefore(node, before);
    }
  }
  function morphChildren(live, was, now) {
    const [olds, news] = [[...was.childNodes], [...now.childNodes]];
    const { pairs, moved } = align(olds, news);
    const stays = new Set(news.filter((one) => pairs.has(one) && isSame(pairs.get(one), one)));
    const settled = new Set([...stays].map((one) => pairs.get(one))), used = new Set(pairs.values());
    const liveOf = new Map([...live.childNodes].map((node) => [sources.get(node), node]));
    // What a script or an extension has added stays; what it has put in the place of something that changed does not.
    if (live !== document.body && olds.some((old) => !liveOf.has(old) && !settled.has(old)))
      for (const node of [...live.childNodes]) if (!sources.has(node)) node.remove();
    for (const old of olds) if (!used.has(old)) liveOf.get(old)?.remove();
    let last = null;
    for (const one of news) {
      const old = pairs.get(one);
      let node = old && liveOf.get(old);
      const next = last ? last.nextSibling : live.firstChild;
      if (node && moved.has(one)) move(live, node, next);
      // The old source takes the place of its equal in the new one: all that stands for parts of it still does.
      if (stays.has(one)) one.replaceWith(old);
      else if (node) morph(node, one);
      // The page's scripts are those that have run already: one added would run again.
      else if (!isExecutable(one)) node = live.insertBefore(imported(one), next);
      last = node || last;
    }
  }

  window.dealwireMorph = { sources, note, imported, standsFor, isExecutable, morph, morphAttributes };
})();
