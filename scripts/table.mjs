/** A table of records with the same keys: texts to the left, numbers to the right. */
export function tableOf(records) {
  const columns = Object.keys(records[0]).map(key => {
    const cells = [key, ...records.map(record => record[key].toLocaleString('en'))];
    const width = cells.reduce((most, cell) => Math.max(most, cell.length), 0);
    const isNumber = typeof records[0][key] === 'number';
    return cells.map(cell => (isNumber ? cell.padStart(width) : cell.padEnd(width)));
  });
  return columns[0].map((_, row) => columns.map(cells => cells[row]).join('  ')).join('\n');
}
