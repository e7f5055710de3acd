import type { Scenario } from "../scenario.ts";
import { budget } from "./budget.ts";
import { clock } from "./clock.ts";
import { drain } from "./drain.ts";
import { drops } from "./drops.ts";
import { fairness } from "./fairness.ts";
import { freeze } from "./freeze.ts";
import { gateways } from "./gateways.ts";
import { kills } from "./kills.ts";
import { lostAnswers } from "./lost-answers.ts";
import { outage } from "./outage.ts";
import { poison } from "./poison.ts";
import { postgres } from "./postgres.ts";
import { providerFaults } from "./provider-faults.ts";

/** All scenarios, in the order in which they are performed. */
export const scenarios: readonly Scenario[] = [
  kills,
  postgres,
  outage,
  freeze,
  clock,
  lostAnswers,
  providerFaults,
  gateways,
  budget,
  fairness,
  poison,
  drain,
  drops,
];
