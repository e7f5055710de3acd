import { expect } from "expect";

globalThis.expect = expect;
