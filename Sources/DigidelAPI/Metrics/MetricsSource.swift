package import Postgres

/// What a scrape reads. What is nil or empty is not there to be told.
package struct MetricsSource: Sendable {
    /// What the server tells of its clients.
    package struct Clients: Sendable {
        package var connectionsPerLane: [Int]
        package var connectionLimit: Int
        package var acceptedCount: Int
        package var streamLimit: Int
        package var streamsCutOffCount: Int

        package init(
            connectionsPerLane: [Int], connectionLimit: Int, acceptedCount: Int, streamLimit: Int,
            streamsCutOffCount: Int
        ) {
            self.connectionsPerLane = connectionsPerLane
            self.connectionLimit = connectionLimit
            self.acceptedCount = acceptedCount
            self.streamLimit = streamLimit
            self.streamsCutOffCount = streamsCutOffCount
        }
    }

    /// In the order of the lanes.
    package var lanes: [LaneMetrics]
    package var streams: ProgressStreams
    /// By the name that tells them apart.
    package var pools: [(name: String, pool: Pool)] = []
    package var notifications: Notifications?
    package var database: DatabaseFacts?
    package var clients: (@Sendable () -> Clients)?
    /// When the process began.
    package var start: Instant = .now

    package init(lanes: [LaneMetrics], streams: ProgressStreams) {
        self.lanes = lanes
        self.streams = streams
    }
}
