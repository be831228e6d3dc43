export interface Point {
  x: number;
  y: number;
}

export function onCircle({ x, y }: Point, radius: number, degrees: number): Point {
  const angle = (degrees * Math.PI) / 180;
  return { x: x + radius * Math.sin(angle), y: y - radius * Math.cos(angle) };
}

/** The SVG path of a part of a ring; degrees from noon, clockwise. */
export function arc(center: Point, inner: number, outer: number, from: number, to: number): string {
  // A whole ring ends where it begins, and would be nothing.
  const end = Math.min(to, from + 359.99);
  const large = end - from > 180 ? 1 : 0;
  const at = (radius: number, degrees: number) => {
    const { x, y } = onCircle(center, radius, degrees);
    return `${x.toFixed(2)} ${y.toFixed(2)}`;
  };
  return [
    `M ${at(outer, from)}`,
    `A ${outer} ${outer} 0 ${large} 1 ${at(outer, end)}`,
    `L ${at(inner, end)}`,
    `A ${inner} ${inner} 0 ${large} 0 ${at(inner, from)}`,
    'Z',
  ].join(' ');
}
