import { LedgerError } from "../../judge/ledger/ledger-error.ts";

/** What the database throws says nothing about the question that is asked. @throws LedgerError with it as the cause. */
export async function reaching<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new LedgerError("The ledger of judge calls could not be reached.", { cause: error });
  }
}
