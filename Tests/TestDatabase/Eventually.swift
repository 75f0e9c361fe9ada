/// Asks until `condition` holds; false after three minutes, which a machine that runs all tests at once may need.
package func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(180)
    while try await !condition() {
        guard .now < deadline else { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
    return true
}
