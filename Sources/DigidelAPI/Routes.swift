/// Every endpoint, in the order of openapi.yaml, which does not have the pages for people.
package enum Routes {
    package static let all: [Route] = [
        .get("/v1/api-info", App.showAPIInfo),
        .get("/v1/openapi.yaml", App.showOpenAPI),
        .get("/v1/openapi.json", App.showOpenAPIAsJSON),
        .get("/v1/dcat", App.showDataCatalogue),
        .get("/v1/problems", App.listProblems),
        .get("/v1/problems/{id}", App.showProblem),

        .published("/v1/areas", App.listAreas),
        .published("/v1/areas/{id}", App.showArea),

        .published("/v1/organisations", App.listOrganisations),
        .post("/v1/organisations", App.createOrganisation, access: .key(.admin)),
        .published("/v1/organisations/{id}", App.showOrganisation),
        .put("/v1/organisations/{id}", App.changeOrganisation, access: .key(.admin)),
        .patch("/v1/organisations/{id}", App.changeOrganisation, access: .key(.admin)),
        .published("/v1/organisations/{id}/overview", App.showOrganisationOverview),

        .published("/v1/campaign-series", App.listCampaignSeries),
        .post("/v1/campaign-series", App.createCampaignSeries, access: .key(.coordinator)),
        .published("/v1/campaign-series/{id}", App.showCampaignSeries),
        .put("/v1/campaign-series/{id}", App.changeCampaignSeries, access: .key(.coordinator)),
        .patch("/v1/campaign-series/{id}", App.changeCampaignSeries, access: .key(.coordinator)),
        .get("/v1/campaign-series/{id}/editions", App.showEditions),

        .published("/v1/campaigns", App.listCampaigns),
        .post("/v1/campaigns", App.createCampaign, access: .key(.coordinator)),
        .published("/v1/campaigns/{id}", App.showCampaign),
        .put("/v1/campaigns/{id}", App.changeCampaign, access: .key(.coordinator)),
        .patch("/v1/campaigns/{id}", App.changeCampaign, access: .key(.coordinator)),

        .post("/v1/campaigns/{id}/announce", App.announceCampaign, access: .key(.coordinator)),
        .post("/v1/campaigns/{id}/lock", App.lockCampaign, access: .key(.coordinator)),
        .post("/v1/campaigns/{id}/cancel", App.cancelCampaign, access: .key(.coordinator)),
        .published("/v1/campaigns/{id}/enrolments", App.listEnrolments),
        .published("/v1/campaigns/{id}/enrolments/{organisation}", App.showEnrolment),
        .put(
            "/v1/campaigns/{id}/enrolments/{organisation}", App.putEnrolment, access: .key(.coordinator)),
        .delete(
            "/v1/campaigns/{id}/enrolments/{organisation}", App.deleteEnrolment, access: .key(.coordinator)),
        .get("/v1/campaigns/{id}/completeness", App.showCompleteness),

        .get("/v1/participant-counts", App.listParticipantCounts, access: .key(.partner)),
        .post(
            "/v1/participant-counts", App.createParticipantCount, access: .key(.partner), effect: .recorded),
        .post(
            "/v1/participant-counts/batch", App.recordBatch, access: .key(.partner), effect: .recorded,
            mediaTypes: BatchFormat.mediaTypes, bodyLimit: 16 << 20),
        .get("/v1/participant-counts/{id}", App.showParticipantCount, access: .key(.partner)),
        .put(
            "/v1/participant-counts/{id}", App.replaceParticipantCount, access: .key(.partner),
            effect: .recorded),
        .delete(
            "/v1/participant-counts/{id}", App.withdrawParticipantCount, access: .key(.partner),
            effect: .recorded),
        .get("/v1/participant-counts/{id}/revisions", App.listCountRevisions, access: .key(.partner)),

        .published("/v1/goals", App.listGoals),
        .post("/v1/goals", App.createGoal, access: .key(.coordinator)),
        .published("/v1/goals/{id}", App.showGoal),
        .put("/v1/goals/{id}", App.changeGoal, access: .key(.coordinator)),
        .patch("/v1/goals/{id}", App.changeGoal, access: .key(.coordinator)),
        .get("/v1/goals/{id}/progress", App.showGoalProgress),
        .get("/v1/goals/{id}/progress/stream", App.streamGoalProgress),
        .get("/v1/goals/{id}/series", App.showGoalSeries),
        .get("/v1/goals/{id}/breakdown", App.showGoalBreakdown),

        .get("/v1/statistics", App.showStatistics),

        .published("/v1/indicators", App.listIndicators),
        .post("/v1/indicators", App.createIndicator, access: .key(.coordinator)),
        .published("/v1/indicators/{id}", App.showIndicator),
        .put("/v1/indicators/{id}", App.replaceIndicator, access: .key(.coordinator)),
        .published("/v1/indicators/{id}/observations", App.listObservations),
        .published("/v1/indicators/{id}/observations/{date}", App.showObservation),
        .put("/v1/indicators/{id}/observations/{date}", App.putObservation, access: .key(.coordinator)),
        .delete(
            "/v1/indicators/{id}/observations/{date}", App.deleteObservation, access: .key(.coordinator)),

        .published("/v1/projects", App.listProjects),
        .post("/v1/projects", App.createProject, access: .key(.partner)),
        .published("/v1/projects/{id}", App.showProject),
        .put("/v1/projects/{id}", App.changeProject, access: .key(.partner)),
        .patch("/v1/projects/{id}", App.changeProject, access: .key(.partner)),

        .published("/v1/activities", App.listActivities),
        .post("/v1/activities", App.createActivity, access: .key(.partner)),
        .published("/v1/activities/{id}", App.showActivity),
        .put("/v1/activities/{id}", App.changeActivity, access: .key(.partner)),
        .patch("/v1/activities/{id}", App.changeActivity, access: .key(.partner)),

        .published("/v1/service-points", App.listServicePoints),
        .post("/v1/service-points", App.createServicePoint, access: .key(.partner)),
        .published("/v1/service-points/{id}", App.showServicePoint),
        .put("/v1/service-points/{id}", App.changeServicePoint, access: .key(.partner)),
        .patch("/v1/service-points/{id}", App.changeServicePoint, access: .key(.partner)),

        .published("/v1/agreements", App.listAgreements),
        .post("/v1/agreements", App.createAgreement, access: .key(.coordinator)),
        .published("/v1/agreements/{id}", App.showAgreement),
        .put("/v1/agreements/{id}", App.changeAgreement, access: .key(.coordinator)),
        .patch("/v1/agreements/{id}", App.changeAgreement, access: .key(.coordinator)),

        .published("/v1/publications", App.listPublications),
        .post("/v1/publications", App.createPublication, access: .key(.coordinator)),
        .published("/v1/publications/{id}", App.showPublication),
        .put("/v1/publications/{id}", App.changePublication, access: .key(.coordinator)),
        .patch("/v1/publications/{id}", App.changePublication, access: .key(.coordinator)),

        .published("/v1/strategies", App.listStrategies),
        .post("/v1/strategies", App.createStrategy, access: .key(.coordinator)),
        .published("/v1/strategies/{id}", App.showStrategy),
        .put("/v1/strategies/{id}", App.changeStrategy, access: .key(.coordinator)),
        .patch("/v1/strategies/{id}", App.changeStrategy, access: .key(.coordinator)),
        .published("/v1/strategies/{id}/items", App.listStrategyItems),
        .post("/v1/strategies/{id}/items", App.createStrategyItem, access: .key(.coordinator)),
        .published("/v1/strategies/{id}/items/{item}", App.showStrategyItem),
        .put("/v1/strategies/{id}/items/{item}", App.changeStrategyItem, access: .key(.coordinator)),
        .patch("/v1/strategies/{id}/items/{item}", App.changeStrategyItem, access: .key(.coordinator)),

        .published("/v1/surveys", App.listSurveys),
        .post("/v1/surveys", App.createSurvey, access: .key(.coordinator)),
        .published("/v1/surveys/{id}", App.showSurvey),
        .put("/v1/surveys/{id}", App.changeSurvey, access: .key(.coordinator)),
        .patch("/v1/surveys/{id}", App.changeSurvey, access: .key(.coordinator)),
        .post("/v1/surveys/{id}/open", App.openSurvey, access: .key(.coordinator)),
        .post("/v1/surveys/{id}/close", App.closeSurvey, access: .key(.coordinator)),
        .post("/v1/surveys/{id}/publish", App.publishSurvey, access: .key(.coordinator)),
        .get("/v1/surveys/{id}/responses", App.listSurveyResponses, access: .key(.partner)),
        .get(
            "/v1/surveys/{id}/responses/{respondent}", App.showSurveyResponse, access: .key(.partner)),
        .put(
            "/v1/surveys/{id}/responses/{respondent}", App.putSurveyResponse, access: .key(.partner)),
        .get("/v1/surveys/{id}/summary", App.showSurveySummary),

        .get("/v1/guidance-sessions", App.listGuidanceSessions, access: .key(.partner)),
        .post("/v1/guidance-sessions", App.createGuidanceSession, access: .key(.partner)),
        .get("/v1/guidance-sessions/summary", App.showGuidanceSummary),
        .get("/v1/guidance-sessions/{id}", App.showGuidanceSession, access: .key(.partner)),

        .published("/v1/news", App.listNews),

        .get("/v1/audit-events", App.listAuditEvents, access: .key(.coordinator)),
        .get("/v1/audit-events/{id}", App.showAuditEvent, access: .key(.coordinator)),

        .get("/v1/keys", App.listKeys, access: .key(.admin)),
        .post("/v1/keys", App.createKey, access: .key(.admin)),
        .get("/v1/keys/{id}", App.showKey, access: .key(.admin)),
        .delete("/v1/keys/{id}", App.revokeKey, access: .key(.admin)),

        .get("/", App.showDashboard),
        .get("/dashboard.css", App.showDashboardStyle),
        .get("/dashboard.js", App.showDashboardScript),
        .get("/icon.svg", App.showIcon),
        .get("/embed/goals/{id}", App.showGoalCard),
        .get("/v1/goals/{id}/badge.svg", App.showGoalBadge),

        .get("/docs", App.showGuide),
        .get("/guide.css", App.showGuideStyle),
        .get("/guide.js", App.showGuideScript),
        .get("/.well-known/api-catalog", App.showAPICatalog),
        .get("/.well-known/security.txt", App.showSecurityText),

        .get("/health/live", App.showLiveness),
        .get("/health/ready", App.showReadiness),
    ]
}
