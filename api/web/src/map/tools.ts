/** What takes clicks on the map: one at a time, so that a click means one thing. */

export interface Tool {
  readonly name: string
  begin(): void
  /** Leaves nothing behind that takes clicks or keys. */
  end(): void
  /** Takes a key that was pressed on the map; whether it meant something. */
  key?(key: string): boolean
}

export class Tools {
  private held: Tool | null = null
  private readonly heard: ((name: string | null) => void)[] = []

  constructor(place: HTMLElement) {
    place.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || this.held === null) return
      const isKnown = this.held.key?.(event.key) ?? false
      if (!isKnown && event.key === 'Escape') this.hold(null)
      else if (!isKnown) return
      event.preventDefault()
      event.stopPropagation()
    })
  }

  get inHand(): string | null {
    return this.held?.name ?? null
  }

  /** Takes a tool in hand, or none; the one before is put down first. */
  hold(tool: Tool | null): void {
    this.held?.end()
    this.held = tool
    tool?.begin()
    for (const hear of this.heard) hear(this.inHand)
  }

  /** Takes it in hand, or puts it down where it is. */
  toggle(tool: Tool): void {
    this.hold(this.held?.name === tool.name ? null : tool)
  }

  onChange(hear: (name: string | null) => void): void {
    this.heard.push(hear)
  }
}
