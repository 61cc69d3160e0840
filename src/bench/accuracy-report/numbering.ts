/** Numbers tables and figures in the order in which their captions are asked for. */
export class Numbering {
  #tables = 0;
  #figures = 0;

  table(caption: string): string {
    return `Table ${++this.#tables}. ${caption}`;
  }

  figure(caption: string): string {
    return `Figure ${++this.#figures}. ${caption}`;
  }
}
