/** A share for people: two significant digits, and never in exponential notation. */
export function percentText(part: number, whole: number): string {
  const value = whole === 0 ? 0 : (part / whole) * 100;
  return `${value === 0 || value >= 1 ? value.toFixed(value < 10 ? 1 : 0) : value.toFixed(1 - Math.floor(Math.log10(value)))} %`;
}
