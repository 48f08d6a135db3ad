/// What a key asks for outside dialogs and prompts.
public enum Command: Hashable, Sendable {
    /// Open a screen.
    case open(ScreenName)
    /// Go back to the screen shown before this one.
    case lastScreen
    /// Open the palette.
    case palette
    /// Narrow the list.
    case filter
    /// Explain the keys and the colours.
    case help
    /// Go deeper into what is selected.
    case enter
    /// Take back one step: the filter, the detail, the screen.
    case back
    /// Go back, or leave where there is nothing to go back to.
    case quit
    /// Move the selection up.
    case up
    /// Move the selection down.
    case down
    /// Move the selection up by a page.
    case pageUp
    /// Move the selection down by a page.
    case pageDown
    /// Go to the first row or event.
    case first
    /// Go to the last row or event.
    case last
    /// Step one event back.
    case stepBack
    /// Step one event on.
    case stepOn
    /// Step ten events back.
    case leapBack
    /// Step ten events on.
    case leapOn
    /// Give the keys to the next pane.
    case nextPane
    /// Give the keys to the pane before.
    case previousPane
    /// Keep the newest event in sight, or stop doing so.
    case follow
    /// Hold the display still, or let it go on.
    case freeze
    /// Sort by the next column.
    case sort
    /// Turn the order around.
    case reverse
    /// Show only rows with problems, or all.
    case problemsOnly
    /// Go to a position, a sequence or a time.
    case goTo
    /// Open the history of what is selected.
    case timeTravel
    /// Open the menu of everything that changes something.
    case actions
    /// Copy what is selected.
    case copy
    /// Copy a link to what is shown.
    case copyLink
    /// Show times in UTC, local, or as an age.
    case timeStyle
    /// Go to the event before of the same type.
    case previousSameType
    /// Go to the next event of the same type.
    case nextSameType
    /// Go to the snapshot before.
    case previousSnapshot
    /// Go to the next snapshot.
    case nextSnapshot
    /// Remember this sequence as A.
    case mark
    /// Compare with the next of: the event before, A, the head.
    case differenceBase
    /// Show only fields that changed, or all.
    case changedOnly
    /// Go to the event that last changed the field under the cursor.
    case blame
    /// Show the dead letters of the group.
    case deadLetters
    /// Show the effects of the group.
    case effects
    /// Go to the next event of the same stream.
    case nextSameStream
    /// Go on until a condition holds.
    case until
    /// Fold or unfold every field of the state that has parts.
    case foldAll
    /// Let the mouse scroll, or leave it to the terminal.
    case mouse
    /// Draw everything again.
    case redraw
    /// Put the console in the background.
    case suspend
}
