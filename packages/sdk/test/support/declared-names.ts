import ts from "typescript";

export interface DeclaredNames {
  /** The names that a program can use as values. */
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** The names that declaration files export, as TypeScript reads them. Their imports must be installed beside them. */
export function declaredNames(files: readonly string[]): DeclaredNames[] {
  const { NodeNext: module } = ts.ModuleKind;
  const { NodeNext: moduleResolution } = ts.ModuleResolutionKind;
  const program = ts.createProgram(files, { module, moduleResolution, noLib: true, types: [] });
  const checker = program.getTypeChecker();
  return files.map((file) => {
    const source = program.getSourceFile(file);
    const exported = source && checker.getSymbolAtLocation(source);
    if (exported === undefined) throw new Error(`${file} exports nothing.`);
    const symbols = checker.getExportsOfModule(exported);
    const isValue = (symbol: ts.Symbol) => isUsableAsValue(symbol, checker);
    const names = (some: readonly ts.Symbol[]) => some.map(({ name }) => name).sort();
    return {
      values: names(symbols.filter(isValue)),
      types: names(symbols.filter((symbol) => !isValue(symbol))),
    };
  });
}

function isUsableAsValue(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  if ((symbol.flags & ts.SymbolFlags.Alias) === 0) return (symbol.flags & ts.SymbolFlags.Value) !== 0;
  const isTypeOnly = symbol.declarations?.some(ts.isTypeOnlyExportDeclaration) ?? false;
  return !isTypeOnly && (checker.getAliasedSymbol(symbol).flags & ts.SymbolFlags.Value) !== 0;
}
