/** What one program of a knowledge entry lists of what a service holds: a key a row, such as a table, and a value, such as its rows. */
export interface Inventory {
  /** Id of the knowledge entry. */
  service: string;
  /** Id within the entry. */
  id: string;
  /** As it stands in a sentence: "tables and their rows". */
  title: string;
  /** In the order in which they were listed. */
  rows: [key: string, value: string][];
  /** Keys whose value changed while the living service was asked: nothing can be concluded from them. */
  unsteady: string[];
  /** Files of the old system that were read for it, where no program of an entry was asked. */
  files?: string[];
}
