/** The ledger could not be read or written: the work is to be tried again later, and no score fails for it. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
}
