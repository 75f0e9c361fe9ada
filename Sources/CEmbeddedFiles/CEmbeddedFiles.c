#include "CEmbeddedFiles.h"

// A new migration is listed twice: its bytes here and its name below. A test compares the list with the folder.
static const unsigned char areas[] = {
#embed "../../migrations/0001_areas.sql"
};
static const unsigned char organisations[] = {
#embed "../../migrations/0002_organisations.sql"
};
static const unsigned char campaigns[] = {
#embed "../../migrations/0003_campaigns.sql"
};
static const unsigned char participant_counts[] = {
#embed "../../migrations/0004_participant_counts.sql"
};
static const unsigned char goals[] = {
#embed "../../migrations/0005_goals.sql"
};
static const unsigned char keys[] = {
#embed "../../migrations/0006_keys.sql"
};
static const unsigned char ledger[] = {
#embed "../../migrations/0007_ledger.sql"
};
static const unsigned char campaign_acts[] = {
#embed "../../migrations/0008_campaign_acts.sql"
};
static const unsigned char writes[] = {
#embed "../../migrations/0009_writes.sql"
};
static const unsigned char count_indexes[] = {
#embed "../../migrations/0010_count_indexes.sql"
};
static const unsigned char checkpoints[] = {
#embed "../../migrations/0011_checkpoints.sql"
};
static const unsigned char indicators[] = {
#embed "../../migrations/0012_indicators.sql"
};
static const unsigned char search[] = {
#embed "../../migrations/0013_search.sql"
};
static const unsigned char projects[] = {
#embed "../../migrations/0014_projects.sql"
};
static const unsigned char service_points[] = {
#embed "../../migrations/0015_service_points.sql"
};
static const unsigned char activities[] = {
#embed "../../migrations/0016_activities.sql"
};
static const unsigned char agreements[] = {
#embed "../../migrations/0017_agreements.sql"
};
static const unsigned char publications[] = {
#embed "../../migrations/0018_publications.sql"
};
static const unsigned char strategies[] = {
#embed "../../migrations/0019_strategies.sql"
};
static const unsigned char surveys[] = {
#embed "../../migrations/0020_surveys.sql"
};
static const unsigned char guidance_sessions[] = {
#embed "../../migrations/0021_guidance_sessions.sql"
};
static const unsigned char count_places[] = {
#embed "../../migrations/0022_count_places.sql"
};
static const unsigned char news[] = {
#embed "../../migrations/0023_news.sql"
};
static const unsigned char organisation_parts[] = {
#embed "../../migrations/0024_organisation_parts.sql"
};
static const unsigned char service_role[] = {
#embed "../../migrations/0025_service_role.sql"
};
static const unsigned char place_indexes[] = {
#embed "../../migrations/0026_place_indexes.sql"
};

const struct embedded_file *embedded_migrations(size_t *count) {
    static const struct embedded_file files[] = {
        {"0001_areas", areas, sizeof areas},
        {"0002_organisations", organisations, sizeof organisations},
        {"0003_campaigns", campaigns, sizeof campaigns},
        {"0004_participant_counts", participant_counts, sizeof participant_counts},
        {"0005_goals", goals, sizeof goals},
        {"0006_keys", keys, sizeof keys},
        {"0007_ledger", ledger, sizeof ledger},
        {"0008_campaign_acts", campaign_acts, sizeof campaign_acts},
        {"0009_writes", writes, sizeof writes},
        {"0010_count_indexes", count_indexes, sizeof count_indexes},
        {"0011_checkpoints", checkpoints, sizeof checkpoints},
        {"0012_indicators", indicators, sizeof indicators},
        {"0013_search", search, sizeof search},
        {"0014_projects", projects, sizeof projects},
        {"0015_service_points", service_points, sizeof service_points},
        {"0016_activities", activities, sizeof activities},
        {"0017_agreements", agreements, sizeof agreements},
        {"0018_publications", publications, sizeof publications},
        {"0019_strategies", strategies, sizeof strategies},
        {"0020_surveys", surveys, sizeof surveys},
        {"0021_guidance_sessions", guidance_sessions, sizeof guidance_sessions},
        {"0022_count_places", count_places, sizeof count_places},
        {"0023_news", news, sizeof news},
        {"0024_organisation_parts", organisation_parts, sizeof organisation_parts},
        {"0025_service_role", service_role, sizeof service_role},
        {"0026_place_indexes", place_indexes, sizeof place_indexes},
    };
    *count = sizeof files / sizeof files[0];
    return files;
}

struct embedded_file embedded_openapi(void) {
    static const unsigned char openapi[] = {
#embed "../../openapi.yaml"
    };
    return (struct embedded_file){"openapi.yaml", openapi, sizeof openapi};
}

static const unsigned char dashboard_page[] = {
#embed "../Dashboard/index.html"
};
static const unsigned char dashboard_card[] = {
#embed "../Dashboard/embed.html"
};
static const unsigned char dashboard_style[] = {
#embed "../Dashboard/dashboard.css"
};
static const unsigned char dashboard_script[] = {
#embed "../Dashboard/dashboard.js"
};
static const unsigned char dashboard_icon[] = {
#embed "../Dashboard/icon.svg"
};

const struct embedded_file *embedded_dashboard(size_t *count) {
    static const struct embedded_file files[] = {
        {"index.html", dashboard_page, sizeof dashboard_page},
        {"embed.html", dashboard_card, sizeof dashboard_card},
        {"dashboard.css", dashboard_style, sizeof dashboard_style},
        {"dashboard.js", dashboard_script, sizeof dashboard_script},
        {"icon.svg", dashboard_icon, sizeof dashboard_icon},
    };
    *count = sizeof files / sizeof files[0];
    return files;
}

static const unsigned char guide_page[] = {
#embed "../Guide/page.html"
};
static const unsigned char guide_introduction_sv[] = {
#embed "../Guide/introduction.sv.html"
};
static const unsigned char guide_introduction_en[] = {
#embed "../Guide/introduction.en.html"
};
static const unsigned char guide_style[] = {
#embed "../Guide/guide.css"
};
static const unsigned char guide_script[] = {
#embed "../Guide/guide.js"
};

const struct embedded_file *embedded_guide(size_t *count) {
    static const struct embedded_file files[] = {
        {"page.html", guide_page, sizeof guide_page},
        {"introduction.sv.html", guide_introduction_sv, sizeof guide_introduction_sv},
        {"introduction.en.html", guide_introduction_en, sizeof guide_introduction_en},
        {"guide.css", guide_style, sizeof guide_style},
        {"guide.js", guide_script, sizeof guide_script},
    };
    *count = sizeof files / sizeof files[0];
    return files;
}
