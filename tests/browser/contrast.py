"""Measures, in the browser, how well every text on a page can be read (WCAG 2.2, success criterion 1.4.3)."""

from playwright.sync_api import Page

_MEASURE = """
() => {
  const pixel = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
    .getContext("2d", { willReadFrequently: true })
  const rgba = colour => {
    pixel.clearRect(0, 0, 1, 1)
    pixel.fillStyle = "transparent"  // stands where `colour` is none
    pixel.fillStyle = colour
    pixel.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }
  const over = ([r, g, b, a], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a))
  const luminance = rgb => {
    const [r, g, b] = rgb.map(c => c / 255).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (one, two) => {
    const [low, high] = [luminance(one), luminance(two)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  const opacity = e => (e ? getComputedStyle(e).opacity * opacity(e.parentElement) : 1)
  const drawn = e => e instanceof SVGElement
  const ink = e => rgba(drawn(e) ? getComputedStyle(e).fill : getComputedStyle(e).color)
  const surface = e => {
    const style = getComputedStyle(e)
    if (!drawn(e)) return rgba(style.backgroundColor)
    if (/^(svg|g|text|tspan)$/.test(e.tagName)) return [0, 0, 0, 0]
    const [r, g, b, a] = rgba(style.fill)
    return [r, g, b, a * style.fillOpacity * opacity(e)]
  }
  const behind = (element, box) => {
    const stack = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    const below = stack.slice(Math.max(stack.indexOf(element), 0)).map(surface).reverse()
    return below.reduce((page, layer) => over(layer, page), [255, 255, 255])
  }
  const found = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    const text = texts.currentNode.textContent.trim()
    if (!text || element.closest("script, style, noscript, canvas, [disabled], [aria-disabled=true]")) continue
    if (!element.checkVisibility({ visibilityProperty: true }) || opacity(element) < 0.05) continue
    element.scrollIntoView({ block: "center", inline: "center" })
    const range = document.createRange()
    range.selectNodeContents(texts.currentNode)
    const box = range.getBoundingClientRect()
    if (box.width < 2 || box.height < 2) continue
    const back = behind(element, box)
    const [r, g, b, a] = ink(element)
    found.push([text, contrast(over([r, g, b, a * opacity(element)], back), back)])
  }
  return found
}
"""


def contrast_ratios(page: Page) -> list[tuple[str, float]]:
    """Every visible text of the page (disabled controls and canvases aside) with its contrast ratio, 1 to 21."""
    return [(text, ratio) for text, ratio in page.evaluate(_MEASURE)]
