#!/bin/sh
# Makes the role that the service works as, when the database is made. What it may do is granted to digidel_service by the
# migrations. Not executable: the image then runs it in its own shell, as it does here.
set -eu
psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --set password="$SERVICE_PASSWORD" --username "$POSTGRES_USER" \
    --dbname "$POSTGRES_DB" <<'END'
create role digidel_service nologin;
create role digidel_api login password :'password' in role digidel_service;
END
