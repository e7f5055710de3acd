/** Whether an answer with this status may be another one later: 408, 429 or 5xx. */
export function isRetriableStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
