/** What the service answers, as far as the pages read it (all of it: /openapi.json). */

export type OfficeRole = 'inspector' | 'reviewer' | 'gis' | 'admin' | 'auditor'

/** The last is of none of the offices, and above all of them. */
export type Role = OfficeRole | 'central_admin'

export interface Me {
  user_id: string
  /** Of the office, by its name in the time zone database. */
  time_zone: string
  login: string
  name: string
  roles: Role[]
  /** What one may do; tokens can be made for some of it. */
  may: string[]
  csrf_token: string | null
}

export interface Listed<Item> {
  items: Item[]
  after: string | null
}

export interface Permit {
  id: string
  reference: string
  created_at: string
}

/** As lists have it: what the record says of it, where that is known and undisputed. */
export interface ListedPermit extends Permit {
  holder: string | null
  kind: string | null
  place: string | null
}

export interface NearPermit extends ListedPermit {
  distance_m: number
}

export interface Box {
  west: number
  south: number
  east: number
  north: number
}

export interface Boundary extends Box {
  id: string
  sequence: number
  stage: 'applied' | 'granted' | 'amended'
  area_m2: number
}

export interface History extends Permit {
  values: Record<string, { value: unknown }>
  boundaries: Boundary[]
}

export type InspectionState =
  | 'submitted'
  | 'running'
  | 'done'
  | 'failed'
  | 'refused'
  | 'cancelled'
  | 'quarantined'

export type Step =
  | 'ingest'
  | 'georeference'
  | 'clip'
  | 'register'
  | 'detect'
  | 'measure'
  | 'report'
  | 'attach'

export type ReviewState = 'open' | 'approved' | 'declined' | 'returned'

export interface Inspection {
  id: string
  permit_id: string
  permit_reference: string
  boundary_id: string
  baseline_id: string | null
  flight_name: string
  /** When it was flown, as file or crew claim. */
  flown_at: string | null
  submitted_by: string
  state: InspectionState
  step: Step | null
  share: number
  created_at: string
  finished_at: string | null
  problem: {
    code: string
    message: string
    hint: string
    file: string | null
    where: string | null
  } | null
  is_comparable: boolean | null
  /** The decision that stands, or that there is none yet; null until there is a result. */
  review: ReviewState | null
}

/** A file that somebody began to send and that is not whole yet. */
export interface UploadUnderWay {
  id: string
  permit_reference: string | null
  name: string
  size: number
  received: number
  created_at: string
  expires_at: string
}

export interface PublicStatus {
  step: 'recorded' | 'inspecting' | 'reviewing' | 'returned' | 'decided' | 'reported'
  since: string
  /** Of the office: its days are told by it. */
  time_zone: string
  sentence: string
  text: string
  newer: { step: PublicStatus['step']; since: string; sentence: string } | null
  objections_open: number
  objections_answered: number
}

/** What goes wrong, in the form of RFC 9457. */
/** A field that does not fit, as body.login, and the kind of check that says so. */
export interface Misfit {
  where: string
  reason: string
}

export interface ProblemTold {
  title: string
  detail: string
  code: string
  status: number
  where?: string
  places?: Misfit[]
}
