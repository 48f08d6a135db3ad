#pragma once
#include "file.h"
#include "process.h"
#include "shared.h"
#include "terminal.h"
