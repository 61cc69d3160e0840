/** An element with a class, in a parent. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  parent: HTMLElement,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

/** Sets the text of an element that holds nothing else where it differs, so that an unchanged overlay costs no layout. */
export function setText(target: HTMLElement, text: string): void {
  const held = target.firstChild;
  // A node that is kept costs less than a new one.
  if (!(held instanceof Text)) target.textContent = text;
  else if (held.data !== text) held.data = text;
}
