// The quote explorer and table sorting: all that needs a script. Customers' words enter the page as text nodes only.
'use strict';
(() => {
  const PAGE = 20;
  const GROUPS = 3;
  const language = document.documentElement.lang;
  const byId = (id) => document.getElementById(id);
  const fold = (text) => text.normalize('NFKC').toLowerCase();

  const number = (value) => value.toLocaleString(language);

  const make = (tag, text, className) => {
    const node = document.createElement(tag);
    if (text) node.textContent = text;
    if (className) node.className = className;
    return node;
  };

  function quoteNode(quote) {
    const block = make('blockquote', '', 'quote');
    const words = make('p');
    block.dir = 'auto';
    words.append(quote.before);
    if (quote.marked) words.append(make('mark', quote.marked));
    words.append(quote.after);
    block.append(words);
    return block;
  }

  function itemNode(quote, data) {
    const item = make('li');
    const who = make('div', '', `who is-${quote.category}`);
    who.append(make('b', data.words[`category_${quote.category}`]), make('span', data.words.gave.replace('{score}', quote.score)));
    const body = make('div');
    const about = make('p', '', 'about');
    const theme = `${data.themes[quote.theme] || quote.theme} (${data.words[quote.polarity] || quote.polarity})`;
    // A survey may have a dozen groups: the first few are named, all of them stand in the hint.
    const groups = Object.entries(quote.groups);
    about.title = groups.map(([heading, value]) => `${data.headings[heading] || heading}: ${value}`).join('\n');
    const named = groups.slice(0, GROUPS).map(([, value]) => value);
    for (const text of [theme, quote.question, quote.month, ...named, quote.where]) {
      if (text) about.append(make('span', text));
    }
    body.append(quoteNode(quote), about);
    item.append(who, body);
    return item;
  }

  function startExplorer(data) {
    const field = (name) => byId(`f-${name}`);
    const selects = ['theme', 'polarity', 'category', 'group'].filter(field);
    const haystack = data.quotes.map((q) => fold(q.before + q.marked + q.after));
    let found = [];
    let shown = 0;

    const inGroup = (quote) => {
      const option = field('group') && field('group').selectedOptions[0];
      return !option || !option.dataset.heading || quote.groups[option.dataset.heading] === option.value;
    };
    const same = (quote, name) => !field(name).value || quote[name] === field(name).value;

    function showMore() {
      const next = found.slice(shown, shown + PAGE);
      byId('list').append(...next.map((quote) => itemNode(quote, data)));
      shown += next.length;
      byId('more').hidden = shown >= found.length;
    }

    function update() {
      const needles = fold(field('search').value).split(/\s+/).filter(Boolean);
      found = data.quotes.filter((quote, k) =>
        same(quote, 'theme') && same(quote, 'polarity') && same(quote, 'category') && inGroup(quote)
        && needles.every((needle) => haystack[k].includes(needle)));
      shown = 0;
      byId('list').replaceChildren();
      byId('count').textContent = found.length
        ? data.words.count.replace('{shown}', number(found.length)).replace('{total}', number(data.quotes.length))
        : data.words.empty;
      showMore();
    }

    function reset() {
      for (const name of selects) field(name).value = '';
      field('search').value = '';
    }

    // A theme's name anywhere on the page opens its quotes.
    document.addEventListener('click', (event) => {
      const link = event.target.closest('a[data-theme]');
      if (!link) return;
      event.preventDefault();
      reset();
      field('theme').value = link.dataset.theme;
      const polarity = link.dataset.polarity || '';
      field('polarity').value = polarity;
      if (field('polarity').value !== polarity) field('polarity').value = '';
      update();
      byId('h-quotes').focus({ preventScroll: true });
      byId('quotes').scrollIntoView();
    });

    for (const name of selects) field(name).addEventListener('change', update);
    field('search').addEventListener('input', update);
    field('reset').addEventListener('click', () => { reset(); update(); });
    byId('more').addEventListener('click', () => {
      const first = shown;
      showMore();
      const node = byId('list').children[first];
      if (node) { node.tabIndex = -1; node.focus({ preventScroll: true }); }
    });
    byId('explorer').hidden = false;
    update();
  }

  function startSorting(table) {
    const heads = [...table.tHead.rows[0].cells];
    const key = (row, column) => {
      const cell = row.cells[column];
      return column === 0 ? cell.textContent : cell.dataset.sort === '' ? -Infinity : Number(cell.dataset.sort);
    };
    heads.forEach((head, column) => {
      const button = make('button', head.textContent, 'sort');
      button.type = 'button';
      head.replaceChildren(button);
      button.addEventListener('click', () => {
        const down = head.getAttribute('aria-sort') !== 'descending' && (column > 0 || head.hasAttribute('aria-sort'));
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const sign = down ? -1 : 1;
        const rows = [...table.tBodies[0].rows].sort((a, b) => {
          const [x, y] = [key(a, column), key(b, column)];
          return sign * (column === 0 ? x.localeCompare(y, language) : x - y);
        });
        table.tBodies[0].append(...rows);
      });
    });
  }

  if (byId('explorer')) startExplorer(JSON.parse(byId('data').textContent));
  document.querySelectorAll('table.sortable').forEach(startSorting);
})();
