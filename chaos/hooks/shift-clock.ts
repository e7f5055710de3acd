// Preloaded into a server process: shifts its clock by CHAOS_CLOCK_SHIFT_MS milliseconds.
const shiftMs = Number(process.env["CHAOS_CLOCK_SHIFT_MS"]);
const TrueDate = Date;

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [TrueDate.now() + shiftMs] : args, newTarget),
  apply: () => new Date().toString(),
  get: (target, property, receiver) =>
    property === "now" ? () => TrueDate.now() + shiftMs : Reflect.get(target, property, receiver),
});
