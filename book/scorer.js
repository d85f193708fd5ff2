// How the search ranks. Sphinx inlines this file behind its own searchtools.js; SEARCH_DATA, which
// each build writes, has the names of the glossary's terms and the numbers of the equations.
//
// First comes the place that a query names: an equation by its number, a function by its name, a
// term by any of its names (the section that explains it). Then titles, then words in the text;
// chapters before the back matter; every page once.
{
  // What a page is worth beside what was found on it.
  const SHELVES = [
    [/^chapters\//, 20],
    [/^book\/api\/loops/, -10],
    [/^book\/(api|formulas)/, -5],
    [/^book\/(ledger|claims|sources|errata|references)/, -25],
  ];
  const SCORE = {
    equation: 300, // its number
    name: 250, // a function's, with a mark that only code has
    term: 200, // a whole query that is a term
    title: 100, // a whole query that is a title
    glossary: 95, // the entry of that term
    object: 90, // a function whose name is a plain word
    words: 40, // all words of the query in one title
    named: 30, // a term within a query
  };

  const plain = (html) => html.replace(/<[^>]*>/g, "").trim();
  const tidy = (text) =>
    text
      .toLowerCase()
      .replace(/[-\s]+/g, " ")
      .trim();
  const shelf = (page) => SHELVES.find(([pattern]) => pattern.test(page))?.[1] ?? 0;
  const isChinese = (text) => /\p{Script=Han}/u.test(text);

  const stems = (text) => {
    const stemmer = new Stemmer(); // which stands below in the same file
    const words = splitQuery(tidy(text)).filter((word) => !stopwords.includes(word));
    return words.map((word) => stemmer.stemWord(word));
  };

  // --- names ---

  // Every name of a term and the term, the longest first: ["bn", term]. The theme loads this file
  // on every page, but SEARCH_DATA is there on the search page only.
  const namesOf = (terms) =>
    terms
      .flatMap((term) => term[0].map((name) => [tidy(name), term]))
      .sort((a, b) => b[0].length - a[0].length);

  // The same words with the terms' first names: "bn backward" asks for "batch normalization
  // backward". Names in Chinese stand without spaces between them.
  const expand = (query) => {
    let text = ` ${tidy(query)} `;
    const terms = [];
    for (const [name, term] of namesOf(SEARCH_DATA.terms)) {
      const found = isChinese(name) ? name : ` ${name} `;
      if (!text.includes(found)) continue;
      terms.push(term);
      text = text.replaceAll(found, ` \u0000${terms.length - 1} `);
    }
    // eslint-disable-next-line no-control-regex
    text = text.replace(/\u0000(\d+)/g, (_, i) => tidy(terms[i][0][0]));
    return [text.replace(/\s+/g, " ").trim(), terms];
  };

  // --- results: [page, title, anchor, description, score, file] ---

  const result = (page, anchor, title, score) => {
    const at = Search._index.docnames.indexOf(page);
    const name = Search._index.titles[at];
    const place = anchor ? `#${anchor}` : "";
    return [page, title(name), place, null, score, Search._index.filenames[at]];
  };

  const below = (title) => (page) =>
    plain(page).replace(/^\d+\. /, "") === title ? page : `${page} > ${title}`;

  // The equation that a query is the number of: "5.12" or "(5.12)".
  const equationsFor = (query) => {
    const number = /^\(?(\d+\.\d+)\)?$/.exec(query.trim())?.[1];
    if (!Object.hasOwn(SEARCH_DATA.equations, number)) return [];
    const [page, anchor] = SEARCH_DATA.equations[number];
    return [result(page, anchor, (name) => `Equation (${number}), ${name}`, SCORE.equation)];
  };

  // The sections that explain the terms that a query names, or that it is.
  const placesFor = (query, terms) =>
    terms.flatMap(([names, page, anchor, title, glossary, entry]) => {
      const place = (score) => result(page, anchor, below(plain(title)), score);
      if (!names.some((name) => tidy(name) === tidy(query))) return [place(SCORE.named)];
      return [place(SCORE.term), result(glossary, entry, below(names[0]), SCORE.glossary)];
    });

  // Titles with words of the query: all of it, its beginning, a part, or at least half its words.
  const titleScore = (title, asked) => {
    const text = tidy(title);
    if (text === asked) return SCORE.title;
    if (text.startsWith(asked)) return 0.8 * SCORE.title;
    if (` ${text} `.includes(` ${asked} `)) return 0.6 * SCORE.title;
    const words = stems(asked);
    const inTitle = new Set(stems(title));
    const share = words.filter((word) => inTitle.has(word)).length / words.length;
    return share >= 0.5 ? SCORE.words * share : 0;
  };

  const titlesFor = (asked) =>
    Object.entries(Search._index.alltitles).flatMap(([title, places]) => {
      const score = titleScore(plain(title), asked);
      if (!(score > 0)) return [];
      return places.map(([at, anchor]) => {
        const page = Search._index.docnames[at];
        return result(page, anchor ?? "", below(plain(title)), score);
      });
    });

  // Functions and classes come from Sphinx with a description. One word with a mark that only code
  // has, such as conv2d_backward, asks for the function before all else.
  const objectScore = (name, query) => {
    const word = query.trim().replace(/\(\)$/, "").toLowerCase();
    const full = name.toLowerCase();
    if (full !== word && !full.endsWith(`.${word}`)) return 0;
    return /[_.]|\(\)$/.test(query.trim()) ? SCORE.name : SCORE.object;
  };

  const rescored = (item, query) => {
    const [page, title, anchor, description, score, file] = item;
    const isObject = description !== null;
    const found = isObject ? Math.max(objectScore(title, query), 1) : Math.min(score, 15);
    return [page, title, anchor, description, found, file];
  };

  // Every page once, as its best result, worth a little more for each other one there.
  const once = (results) => {
    const pages = Map.groupBy(results, ([page]) => page);
    return [...pages].map(([page, found]) => {
      const best = found.reduce((a, b) => (b[4] > a[4] ? b : a));
      const score = best[4] + shelf(page) + Math.min(found.length, 10);
      return [...best.slice(0, 4), score, best[5]];
    });
  };

  // --- Sphinx's steps, each with ours around it ---

  // The lines that are shown of a result come from the section around its place; Sphinx looks at
  // the place alone, which is empty where a label stands, and is no selector where it has a dot.
  const toText = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const section = anchor && page.getElementById(anchor.slice(1))?.closest("section");
    return toText(section ? `<main role="main">${section.outerHTML}</main>` : html);
  };

  const parse = Search._parseQuery;
  const perform = Search._performSearch;
  let query = "";
  let terms = [];

  Search._parseQuery = (text) => {
    query = text;
    const [expanded, named] = expand(text);
    terms = named;
    return parse(expanded);
  };

  Search._performSearch = (expanded, ...words) => {
    const found = perform(expanded, ...words).map((item) => rescored(item, query));
    const named = equationsFor(query);
    const places = placesFor(query, terms);
    const titles = named.length ? [] : titlesFor(tidy(expanded));
    // Sphinx shows the last one first.
    return once([...named, ...places, ...titles, ...found]).sort(_orderResultsByScoreThenName);
  };
}
