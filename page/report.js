/*
 * The behaviour of a report page; it reads well without it. Two things: filters above tables, and the list of paths, which is
 * kept as compressed rows and shown a page at a time, so that half a million of them stay quick. Text is only ever set as text.
 */
const ROWS = 100;

for (const input of document.querySelectorAll('input[data-filters]')) {
  const rows = [...document.querySelectorAll(`#${input.dataset.filters} tbody tr`)];
  input.addEventListener('input', () => {
    const wanted = input.value.toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}
for (const part of document.querySelectorAll('.needs-script')) part.hidden = false;

/** Bytes as `src/report/byte-text.ts` says them. */
function bytes(value) {
  if (value < 1000) return `${value} B`;
  const units = ['kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  let left = value / 1000;
  for (; left >= 999.5 && unit < units.length - 1; unit++) left /= 1000;
  return `${left >= 100 ? left.toFixed(0) : left.toPrecision(3)} ${units[unit]}`;
}

/** The rows: base64 of gzip of lines, see src/report/page/path-list.ts. */
async function readLines(text) {
  const packed = Uint8Array.from(atob(text.trim()), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const lines = (await new Response(stream).text()).split('\n');
  lines.pop();
  return lines;
}

class PathList {
  constructor(section, lines) {
    this.lines = lines;
    this.reasons = JSON.parse(document.getElementById('path-reasons').textContent);
    this.body = section.querySelector('tbody');
    this.search = section.querySelector('input[type=search]');
    this.reason = section.querySelector('select');
    this.status = section.querySelector('[role=status]');
    this.back = section.querySelector('[data-step="-1"]');
    this.next = section.querySelector('[data-step="1"]');
    this.page = 0;
    this.search.addEventListener('input', () => this.later());
    this.reason.addEventListener('change', () => this.find());
    this.back.addEventListener('click', () => this.turn(-1));
    this.next.addEventListener('click', () => this.turn(1));
    this.find();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.find(), 150);
  }

  /** Positions of the lines that are wanted. A line is `reason TAB size TAB mode TAB owner TAB path`. */
  find() {
    const text = this.search.value.toLowerCase();
    const only = this.reason.value === '' ? '' : `${this.reason.value}\t`;
    this.found = [];
    this.lines.forEach((line, at) => {
      if (!line.startsWith(only)) return;
      if (
        text === '' ||
        line
          .slice(line.lastIndexOf('\t') + 1)
          .toLowerCase()
          .includes(text)
      )
        this.found.push(at);
    });
    this.page = 0;
    this.show();
  }

  turn(step) {
    this.page += step;
    this.show();
    this.status.focus();
  }

  show() {
    const from = this.page * ROWS;
    const to = Math.min(from + ROWS, this.found.length);
    this.body.replaceChildren(...this.found.slice(from, to).map(at => this.row(this.lines[at])));
    const count = value => value.toLocaleString('en-US');
    this.status.textContent =
      this.found.length === 0
        ? 'No path is so'
        : `${count(from + 1)} to ${count(to)} of ${count(this.found.length)} paths`;
    this.back.disabled = this.page === 0;
    this.next.disabled = to === this.found.length;
  }

  row(line) {
    const [reason, size, mode, owner, path] = line.split('\t');
    const { words } = this.reasons[Number(reason)];
    const row = document.createElement('tr');
    const head = document.createElement('th');
    head.scope = 'row';
    head.className = 'mono';
    head.textContent = path;
    row.append(head);
    const cells = [
      ['Why', words, ''],
      ['Owner', owner, 'mono'],
      ['Mode', mode, 'mono'],
      ['Size', size === '' ? '' : bytes(Number(size)), 'number'],
    ];
    for (const [label, text, style] of cells) {
      const cell = row.insertCell();
      cell.dataset.label = label;
      cell.className = style;
      cell.textContent = text;
    }
    return row;
  }
}

const data = document.getElementById('path-rows');
if (data) {
  const section = document.getElementById('paths');
  const begin = () => {
    readLines(data.textContent).then(
      lines => {
        new PathList(section, lines);
        section.dataset.ready = 'true';
      },
      error => {
        section.querySelector('[role=status]').textContent = `The list cannot be read: ${error.message}`;
      },
    );
  };
  // Half a million rows take a moment to unpack: not before somebody comes near them.
  const watcher = new IntersectionObserver(
    entries => {
      if (!entries.some(each => each.isIntersecting)) return;
      watcher.disconnect();
      begin();
    },
    { rootMargin: '100%' },
  );
  watcher.observe(section);
}
