/** What stands between a person and another page: something that is not saved. */

type Question = () => Promise<boolean>

let question: Question | null = null

/** Asks this before the page is left, until null is given. */
export function askBeforeLeaving(asked: Question | null): void {
  question = asked
}

/** Whether the other page may be shown; where somebody stays, the address does too. */
export async function mayLeave({ oldURL, newURL }: HashChangeEvent): Promise<boolean> {
  if (question === null || oldURL === newURL) return true
  history.pushState(null, '', oldURL)
  if (await question()) {
    question = null
    // Tells of it again, and then nobody asks.
    location.href = newURL
  }
  return false
}

addEventListener('beforeunload', (event) => {
  if (question !== null) event.preventDefault()
})
