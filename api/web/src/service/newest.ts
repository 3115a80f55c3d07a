/** The permits that are offered before anything is searched for. */

export const SHOWN = 20
export const NEWEST = `/permits?size=${SHOWN}`
