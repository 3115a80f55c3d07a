/** Three things, one below the other: which permit, which files, and sending them. */

import { el } from '../dom'
import { notice } from '../notice'
import type { Page, Visit } from '../pages'
import type { History } from '../service/answers'
import { isAbsent } from '../service/api'
import { history } from '../service/permits'
import { whoever } from '../service/session'
import { deliveryOf } from '../upload/delivery'
import { FilesPart } from '../upload/files_part'
import { PermitPart } from '../upload/permit_part'
import { SendPart } from '../upload/send_part'
import { say } from '../wording'
import '../styles/upload.css'

export async function show({ rest, left }: Visit): Promise<Page> {
  const delivery = deliveryOf(whoever()?.user_id ?? '')
  let permit: History | null = null
  const trouble = el('div')
  const wanted = rest[0] ?? delivery.draft.permit?.id
  if (wanted !== undefined) {
    try {
      permit = await history(wanted, left)
      if (!delivery.isBusy) delivery.choose({ id: permit.id, reference: permit.reference })
    } catch (error) {
      if (rest[0] !== undefined && isAbsent(error)) throw error
      trouble.append(notice(error))
    }
  }
  const files = new FilesPart(delivery, permit, left)
  const send = new SendPart(delivery, files, left)
  const permits = new PermitPart(delivery, permit, left, (chosen) => files.over(chosen))
  await permits.ready
  const title = say('upload.title')
  return {
    title,
    body: [
      el('h1', {}, title),
      el('p', { class: 'lead' }, say('upload.lead')),
      trouble,
      permits.body,
      files.body,
      send.body,
    ],
  }
}
