type NotNull<Update, Field extends keyof Update> = Omit<Update, Field> & {
  [F in Field]?: NonNullable<Update[F]>;
};

/** What a PATCH sends, without the nulls of fields that cannot be null: they count as left out. */
export function sentChanges<Update extends object, Field extends keyof Update & string>(
  update: Update,
  neverNull: readonly Field[],
): NotNull<Update, Field> {
  const names: readonly string[] = neverNull;
  const sent = Object.entries(update).filter(
    ([name, value]) => value !== undefined && !(value === null && names.includes(name)),
  );
  return Object.fromEntries(sent) as NotNull<Update, Field>;
}
