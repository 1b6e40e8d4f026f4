#!/bin/sh
# Addresses hold passwords, so they come from files: DOITHOAI_DATABASE_FILE names the file
# whose content becomes DOITHOAI_DATABASE, and so on. Then the process takes over.
set -eu

for name in DATABASE BROKER \
    INTAKE_DATABASE SESSIONS_DATABASE ASSIGNMENT_DATABASE REPORTING_DATABASE ACCESS_DATABASE
do
    eval "file=\${DOITHOAI_${name}_FILE:-}"
    if [ -n "$file" ]; then
        value=$(cat "$file")
        export "DOITHOAI_$name=$value"
        unset "DOITHOAI_${name}_FILE" value
    fi
done

exec "$@"
