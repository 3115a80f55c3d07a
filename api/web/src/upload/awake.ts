/** Keeps the screen on while something is sent: a telephone that falls asleep stops sending. */

export const CAN_STAY_AWAKE = 'wakeLock' in navigator

/** Until it is aborted. Browsers let go whenever the page is hidden: it is asked for again then. */
export function stayAwake(signal: AbortSignal): void {
  if (!CAN_STAY_AWAKE) return
  let lock: WakeLockSentinel | null = null
  const hold = async () => {
    if (document.visibilityState !== 'visible' || signal.aborted) return
    try {
      lock = await navigator.wakeLock.request('screen')
    } catch {
      return // refused, as where the battery is low: sending goes on all the same
    }
    if (signal.aborted) await lock.release()
  }
  document.addEventListener('visibilitychange', () => void hold(), { signal })
  signal.addEventListener('abort', () => void lock?.release(), { once: true })
  void hold()
}
