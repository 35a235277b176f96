/** What the suites use of jsonld: the published types are of an older version, without safe mode. */
declare module 'jsonld' {
  interface Options {
    readonly documentLoader: (url: string) => Promise<{ readonly documentUrl: string; readonly document: object }>;
    /** Whatever would be dropped is an error. */
    readonly safe: boolean;
  }
  const jsonld: { expand(document: object, options: Options): Promise<object[]> };
  export default jsonld;
}
