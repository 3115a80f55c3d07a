/** The files of a flight: chosen or dropped, each with its part in it and a first look at it. */

import { el, fill } from '../dom'
import { dropZone } from '../drop_zone'
import { bytes, percent } from '../format'
import { icon } from '../icons'
import type { Box, History } from '../service/answers'
import { ground, outline } from '../service/permits'
import { say } from '../wording'
import { guess, type Look, look } from './check'
import type { Delivery } from './delivery'
import { type DraftFile, type FileRole, isSame, ROLES } from './draft'
import { boxOf, gap, type Outline } from './place'

/** Farther off, permit and image are two specks on a map; that is said in words alone. */
const FAR_M = 20_000

export class FilesPart extends EventTarget {
  readonly body = el('section', { class: 'card', 'aria-labelledby': 'files-title' })
  private readonly rows = el('ul', { class: 'files' })
  private readonly map = el('div', { class: 'map small', hidden: true })
  private readonly looks = new Map<DraftFile, Look>()
  private ground: Box | null
  private boundary: object | null = null
  private most = Number.POSITIVE_INFINITY

  constructor(
    private readonly delivery: Delivery,
    public permit: History | null,
    private readonly left: AbortSignal,
  ) {
    super()
    this.ground = permit && ground(permit)
    fill(
      this.body,
      el('h2', { id: 'files-title' }, say('upload.files.title')),
      this.chooser(),
      this.rows,
      this.map,
    )
    const signal = left
    delivery.addEventListener('change', () => this.draw(), { signal })
    delivery.addEventListener('progress', () => this.draw(), { signal })
    this.draw()
    void this.learn()
    void this.outline(permit)
  }

  /** Whether nothing that is known speaks against sending them. */
  get isSound(): boolean {
    return [...this.looks.values()].every((one) => one.remarks.every(({ kind }) => kind !== 'bad'))
  }

  /** Whether the picture has neither a place of its own nor points that give it one. */
  get lacksPlace(): boolean {
    const { files } = this.delivery.draft
    return (
      files.some((one) => one.role === 'orthophoto' && this.looks.get(one)?.needsPoints) &&
      !files.some((one) => one.role === 'control_points')
    )
  }

  /** Looks at all of them again, over another permit. */
  over(permit: History | null): void {
    this.permit = permit
    this.ground = permit && ground(permit)
    void this.examineAll()
    void this.outline(permit)
  }

  private async outline(permit: History | null): Promise<void> {
    try {
      this.boundary = permit && (await outline(permit, this.left))
    } catch {
      this.boundary = null // a map without it still shows the images
    }
    await this.drawMap()
  }

  private async learn(): Promise<void> {
    const signal = this.left
    try {
      const answer = await fetch('/uploads/', { method: 'OPTIONS', signal })
      this.most = Number(answer.headers.get('Tus-Max-Size') ?? this.most)
    } catch {
      // Without a connection the limit is not known yet; the service says it when the file comes.
    }
    await this.examineAll()
  }

  private async examineAll(): Promise<void> {
    for (const one of this.delivery.draft.files) await this.examine(one)
  }

  private async examine(kept: DraftFile): Promise<void> {
    const file = this.delivery.fileOf(kept)
    if (file === undefined) return
    this.looks.set(kept, await look(file, kept.role, this.ground, this.most))
    this.draw()
    await this.drawMap()
  }

  private chooser(): HTMLElement {
    const input = el('input', { type: 'file', multiple: true, id: 'files' })
    const words = [
      el('strong', {}, say('upload.files.choose')),
      el('span', { class: 'aside' }, say('upload.files.which')),
    ]
    const drop = dropZone(input, words, (files) => void this.take(files))
    return el('div', {}, input, drop)
  }

  private async take(files: File[]): Promise<void> {
    for (const file of files) {
      const { draft } = this.delivery
      const known = draft.files.find((one) => isSame(one, file))
      const role =
        known?.role ??
        (await guess(
          file,
          draft.files.map((one) => one.role),
        ))
      this.delivery.add(file, role)
      const kept = draft.files.find((one) => isSame(one, file))
      if (kept !== undefined) await this.examine(kept)
    }
  }

  private draw(): void {
    const { files } = this.delivery.draft
    const rows = files.map((kept, place) => this.row(kept, place))
    // Nobody loses a list of choices that they have just opened.
    const focused = document.activeElement
    if (!(focused instanceof HTMLSelectElement && this.rows.contains(focused)))
      fill(this.rows, ...rows)
    this.rows.hidden = files.length === 0
    this.dispatchEvent(new Event('change'))
  }

  private row(kept: DraftFile, place: number): HTMLElement {
    const { delivery } = this
    const isLocked = delivery.isBusy || kept.url !== null
    const remarks = this.looks.get(kept)?.remarks ?? []
    const select = el('select', {
      disabled: isLocked,
      'aria-label': say('upload.files.role', { name: kept.name }),
    })
    if (kept.role === null)
      select.append(el('option', { value: '', selected: true }, say('upload.files.no_role')))
    for (const role of ROLES)
      select.append(
        el('option', { value: role, selected: role === kept.role }, say(`upload.role.${role}`)),
      )
    select.addEventListener('change', () => {
      select.blur()
      delivery.assign(kept, select.value as FileRole)
      void this.examine(kept)
    })
    const remove = el(
      'button',
      {
        type: 'button',
        class: 'plain',
        disabled: delivery.isBusy,
        'aria-label': say('upload.files.remove', { name: kept.name }),
        onclick: () => {
          this.looks.delete(kept)
          this.body.querySelector('input')?.focus()
          void delivery.remove(kept).then(() => this.drawMap())
        },
      },
      icon('remove'),
    )
    return el(
      'li',
      { 'data-file': place },
      el(
        'div',
        { class: 'head' },
        el(
          'div',
          { class: 'what' },
          el('strong', {}, kept.name),
          el('span', { class: 'aside' }, bytes(kept.size)),
        ),
        select,
        remove,
      ),
      remarks.length > 0 &&
        el(
          'ul',
          { class: 'remarks' },
          ...remarks.map(({ kind, text }) => el('li', { class: kind }, text)),
        ),
      this.progress(kept),
    )
  }

  private progress(kept: DraftFile): HTMLElement | null {
    const { delivery } = this
    const isNow = delivery.current === kept
    const isGone = delivery.fileOf(kept) === undefined && kept.arrived < kept.size
    if (isGone)
      return el(
        'p',
        { class: 'notice doubt' },
        say('upload.files.again', { share: percent(kept.arrived / kept.size) }),
      )
    if (!isNow && kept.arrived === 0) return null
    const isReading = isNow && delivery.phase === 'reading'
    const done = isReading ? delivery.done : kept.arrived
    const share = done / kept.size
    const words = isReading
      ? 'upload.reading'
      : kept.arrived === kept.size
        ? 'upload.there'
        : 'upload.so_far'
    const facts = { share: percent(share), done: bytes(done), size: bytes(kept.size) }
    return el(
      'div',
      { class: 'going' },
      el('progress', { max: 1, value: share, 'aria-label': kept.name }),
      el('span', { class: 'aside' }, say(words, facts)),
    )
  }

  private async drawMap(): Promise<void> {
    const outlines = this.delivery.draft.files
      .map((one) => this.looks.get(one)?.outline)
      .filter((one): one is Outline => one !== null && one !== undefined)
      .filter((one) => this.ground === null || gap(boxOf(one), this.ground) < FAR_M)
    this.map.hidden = outlines.length === 0
    if (this.map.hidden) return
    const { drawOverview, endOverview } = await import('../map/overview')
    if (this.left.aborted) return
    this.left.addEventListener('abort', () => endOverview(this.map), { once: true })
    drawOverview(this.map, this.boundary, outlines)
  }
}
