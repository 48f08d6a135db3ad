extension Theme {
    /// The theme that is used when nobody chooses one: dark, and safe for every colour vision.
    ///
    /// Its states differ in lightness more than in hue; the same values are in
    /// `themes/night-watch.yaml`.
    public static let nightWatch = Theme(
        name: "Night Watch",
        slug: "night-watch",
        author: "Recount",
        variant: .dark,
        palette: Palette(
            [
                0x14181f, 0x1b2028, 0x2a3446, 0x4a5464, 0x8b949e, 0xd7dae0, 0xe8eaee, 0xffffff,
                0xff4545, 0xffb454, 0xffef7a, 0xa0f0ff, 0x7fd1c7, 0x6fb3ff, 0xa06fd0, 0xb08968,
                0x0f1218, 0x0a0c10, 0xff7070, 0xfff4a8, 0xc4f6ff, 0xa5e0d8, 0x9accff, 0xbf97e6,
            ].map { Color($0) }
        )
    )
}
