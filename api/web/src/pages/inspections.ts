/** All inspections of the office, the newest first. */

import { el } from '../dom'
import { inspectionList } from '../inspection_list'
import type { Page, Visit } from '../pages'
import { say } from '../wording'

export async function show({ left }: Visit): Promise<Page> {
  const list = await inspectionList({}, left)
  const title = say('inspections.title')
  const empty = el('p', { class: 'card empty' }, say('inspections.empty'))
  return { title, body: [el('h1', {}, title), list ?? empty] }
}
