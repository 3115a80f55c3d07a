/** Elements, made of text and of other elements: whatever comes from the record stays text. */

type Child = Node | string | null | undefined | false
type Handler = (event: Event) => void
type Attributes = Record<string, string | number | boolean | Handler | null | undefined>

export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.replace(/^on/, ''), value)
    else if (value === true) made.setAttribute(name, '')
    else if (value !== false && value !== null && value !== undefined)
      made.setAttribute(name, String(value))
  }
  fill(made, ...children)
  return made
}

/** Puts these in the place of what an element holds. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter(isThere))
}

function isThere(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false
}
